"""The catalogue's commands, filled with values of the right form, one for each kind of target that an entry names."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / 'handler' / 'catalogue'
ARN = 'arn:aws:service:ap-northeast-1:111122223333:thing/one'
# Values of kinds that have a form of their own; every other kind is named by an ARN.
VALUES = {
    'account': '111122223333',
    'ami': 'ami-0123456789abcdef0',
    'bucket': 'example-shop-catalogue',
    'cve': 'CVE-2026-0001',
    'eni': 'eni-0123456789abcdef0',
    'file_system': 'fs-0123456789abcdef0',
    'iam_region': 'us-east-1',
    'instance': 'i-0123456789abcdef0',
    'ip': '198.51.100.7',
    'key_long': 'AKIAIOSFODNN7EXAMPLE',
    'key_temp': 'ASIAIOSFODNN7EXAMPLE',
    'nacl': 'acl-0123456789abcdef0',
    'region': 'ap-northeast-1',
    'repository': 'team/app',
    'sg': 'sg-0123456789abcdef0',
    'snapshot': 'snap-0123456789abcdef0',
    'subnet': 'subnet-0123456789abcdef0',
    'volume': 'vol-0123456789abcdef0',
    'vpc': 'vpc-0123456789abcdef0',
} | dict.fromkeys(
    ['db', 'db_cluster', 'db_snapshot', 'distribution', 'ecs_cluster', 'eks_cluster', 'function', 'group', 'namespace', 'pod', 'queue',
     'redshift_cluster', 'role', 'rule', 'search_domain', 'table', 'user'], 'a-name')


@dataclass(frozen=True)
class Command:
    """One command line as a reader would paste it."""

    entry: str
    kind: str
    line: str

    def __str__(self):
        return f'{self.entry}: {self.line}'


def fill(template, target):
    """The template with its slots filled; doubled braces stand for braces."""

    def value(found):
        slot = found.group(1)
        if slot is None:
            return found.group()[0]
        if slot == 't':
            return target
        return re.split('[/:]', target)[-1] if slot == 'v' else VALUES.get(slot, ARN)

    return re.sub(r'\{\{|\}\}|\{([a-z_]+)\}', value, template)


def commands():
    """All commands of all entries, each once."""
    found = {}
    for file in sorted(FOLDER.glob('*.json')):
        for entry in json.loads(file.read_text()):
            for template in entry.get('commands', []):
                for kind in entry['on']:
                    line = fill(template, VALUES.get(kind, ARN))
                    found.setdefault(line, Command(entry['id'], entry['kind'], line))
    return list(found.values())
