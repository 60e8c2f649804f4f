"""The services beside AWS that take notifications: Slack, Backlog and Jira, as stubs behind a proxy on loopback.

The handler is told of the proxy and of a throw-away certificate authority by the usual variables alone (`HTTPS_PROXY`,
`SSL_CERT_FILE`), and calls `https://slack.com` and the others by their own names, over TLS.

- `server`     the proxy, which is at the same time every service behind it; what was asked, and what a test lets them refuse
- `authority`  the certificate authority and the services' certificate, made anew for each start
- `customer`   one customer's accounts at all of them: a test has its own
- `slack`, `backlog`, `jira`   what each keeps, answers and refuses, as its documentation says
- `__main__`   the stubs as a process of their own, for the services' official clients
"""
