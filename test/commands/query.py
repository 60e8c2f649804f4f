"""What a JMESPath expression finds in a shape of an AWS model: a field that the shape has not is an error."""

from dataclasses import dataclass
from typing import Any

from jmespath.parser import Parser


class NoSuchField(Exception):
    """An expression names a field that the output has not."""


@dataclass(frozen=True)
class Many:
    """A list that an expression made."""

    member: Any
    type_name = 'list'


def check(expression, shape):
    """Walks an expression over the shape of an operation's output."""
    return _walk(Parser().parse(expression).parsed, shape)


def _walk(node, shape):
    """The shape that a node yields; None where no model tells it."""
    kind, children = node['type'], node['children']
    if kind == 'field':
        return _field(node['value'], shape)
    if kind in ('subexpression', 'index_expression', 'pipe'):
        for child in children:
            shape = _walk(child, shape)
        return shape
    if kind in ('projection', 'value_projection', 'filter_projection'):
        element = _element(_walk(children[0], shape))
        if kind == 'filter_projection':
            _walk(children[2], element)
        return Many(_walk(children[1], element))
    if kind == 'flatten':
        element = _element(_walk(children[0], shape))
        return Many(_element(element) if getattr(element, 'type_name', '') == 'list' else element)
    if kind == 'index':
        return _element(shape)
    if kind in ('current', 'identity', 'slice'):
        return shape
    if kind == 'key_val_pair':
        return _walk(children[0], shape)
    for child in children:
        _walk(child, shape)
    return None


def _field(name, shape):
    if shape is None:
        return None
    if shape.type_name == 'list':
        raise NoSuchField(f'`{name}` is asked of a list')
    if shape.type_name == 'map':
        return shape.value
    members = getattr(shape, 'members', {})
    if name not in members:
        raise NoSuchField(f'`{name}` is none of {", ".join(members) or "the fields of a plain value"}')
    return members[name]


def _element(shape):
    if shape is None:
        return None
    return shape.value if shape.type_name == 'map' else getattr(shape, 'member', None)
