"""The local AWS: the unmodified template, deployed and run on this machine without an AWS account."""
