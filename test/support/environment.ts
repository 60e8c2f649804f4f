// What synthesis finds in the environment: nothing of this machine, and no validation of templates, which takes seconds.
for (const name of Object.keys(process.env)) {
  if (/^(AWS|CDK)_/.test(name)) Reflect.deleteProperty(process.env, name);
}
process.env.CDK_VALIDATION = 'false';
