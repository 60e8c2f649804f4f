"""Every command of the catalogue through the real AWS CLI and kubectl, without a network."""

import os
import re
import shlex
import shutil
import subprocess
from types import SimpleNamespace

import pytest
from awscli.botocore import xform_name
from awscli.clidriver import create_clidriver

import query
from catalogue import VALUES, commands, fill

ALL = commands()
AWS = [command for command in ALL if command.line.startswith('aws ')]
KUBECTL = [command for command in ALL if command.line.startswith('kubectl ')]
# Nothing listens there: a command that got past the hook below would be refused.
NOWHERE = 'http://127.0.0.1:9'
READING = re.compile('(batch-get|describe|filter|get|list|lookup|search|select|simulate)-')
# They read, and what they read is a credential or somebody's data.
HANDS_OUT = {
    'ec2 get-password-data',
    'ecr get-authorization-token',
    'ecr get-login-password',
    'lambda get-function',
    'redshift get-cluster-credentials',
    's3api get-object',
    'secretsmanager batch-get-secret-value',
    'secretsmanager get-secret-value',
    'ssm get-parameter',
    'ssm get-parameters',
    'ssm get-parameters-by-path',
    'sso get-role-credentials',
    'sts get-federation-token',
    'sts get-session-token',
}
# Options that read a file, take another endpoint or other credentials, or go round the command line.
NEVER = {'--endpoint-url', '--profile', '--no-verify-ssl', '--cli-input-json', '--cli-input-yaml', '--with-decryption'}


@pytest.fixture(scope='module', autouse=True)
def no_settings_of_this_machine(tmp_path_factory):
    """The CLI with credentials that mean nothing, and no file of the person who runs the tests."""
    nowhere = str(tmp_path_factory.mktemp('aws') / 'none')
    settings = {
        'AWS_ACCESS_KEY_ID': 'AKIAIOSFODNN7EXAMPLE',
        'AWS_SECRET_ACCESS_KEY': 'none',
        'AWS_CONFIG_FILE': nowhere,
        'AWS_SHARED_CREDENTIALS_FILE': nowhere,
        'AWS_PAGER': '',
    }
    with pytest.MonkeyPatch.context() as patch:
        # The CLI names its own data by a variable that it set when it was imported.
        for name in [name for name in os.environ if name.startswith('AWS_') and name != 'AWS_DATA_PATH']:
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope='module')
def run():
    """Runs a command of the CLI in this process; gives its status and the operations that it would have called."""
    driver = create_clidriver()
    called = []

    def answer(model, **_):
        called.append(model)
        return SimpleNamespace(status_code=200), {}

    driver.session.register('before-call', answer)

    def run(line):
        called.clear()
        try:
            status = driver.main([*shlex.split(line)[1:], '--endpoint-url', NOWHERE])
        except SystemExit as end:  # a usage error
            status = end.code
        return status, list(called)

    return run


@pytest.mark.parametrize('command', AWS, ids=str)
def test_the_aws_cli_takes_a_command_and_its_query_names_fields_that_exist(run, command, capsys):
    status, called = run(command.line)
    assert status == 0, capsys.readouterr().err
    [operation] = {model.name: model for model in called}.values()
    words = shlex.split(command.line)
    assert xform_name(operation.name, '-') == words[2], 'another operation than the command names'
    if '--query' in words:
        query.check(words[words.index('--query') + 1], operation.output_shape)


@pytest.mark.parametrize('command', AWS, ids=str)
def test_a_look_only_reads_and_no_command_hands_out_a_secret(command):
    words = shlex.split(command.line)
    assert ' '.join(words[1:3]) not in HANDS_OUT
    assert not NEVER.intersection(words) and 'file://' not in command.line
    assert bool(READING.match(words[2])) == (command.kind == 'look'), f'{words[2]} in a {command.kind}'


@pytest.mark.skipif(not shutil.which('kubectl'), reason='kubectl is not installed')
@pytest.mark.parametrize('command', KUBECTL, ids=str)
def test_kubectl_takes_a_command(command):
    line, _, given = command.line.partition(' <<< ')
    words = [word for word in shlex.split(line)[1:] if not word.startswith('>')]
    words += ['--server', NOWHERE, '--request-timeout', '2s']
    given = ''.join(shlex.split(given))
    said = subprocess.run(
        ['kubectl', *words], input=given, capture_output=True, text=True, timeout=30, env={'PATH': os.environ['PATH']})
    assert '127.0.0.1:9' in said.stderr, said.stderr or said.stdout


@pytest.mark.parametrize(
    ('line', 'wrong'),
    [
        ('aws ec2 describe-instances --instance-ids {instance} --query Reservations[].Instances[].Colour', 'query'),
        ('aws ec2 describe-instances --query Reservations[].State', 'query'),
        ('aws ec2 describe-instances --instance-ids {instance} --colour red', 'option'),
        ('aws ec2 describe-everything', 'operation'),
        ('aws iam get-role', 'a required option'),
    ],
)
def test_a_wrong_command_does_not_pass(run, line, wrong, capsys):
    line = fill(line, VALUES['instance'])
    status, called = run(line)
    if wrong != 'query':
        assert status != 0 and not called
        return
    with pytest.raises(query.NoSuchField):
        query.check(shlex.split(line)[-1], called[0].output_shape)


def test_there_are_commands():
    assert len(AWS) > 20
