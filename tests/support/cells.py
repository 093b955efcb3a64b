"""Which names the cells of a notebook bind, and which they read of other cells."""

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterable


class _Reader(ast.NodeVisitor):
    """Bindings and readings of one scope, in the order in which they happen."""

    def __init__(self):
        self.bound, self.read, self.later = set(), set(), set()

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        elif node.id not in self.bound:
            self.read.add(node.id)

    def visit_Assign(self, node):
        for child in (node.value, *node.targets):
            self.visit(child)

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.visit(ast.Name(node.target.id, ast.Load()))
        self.visit(node.value)
        self.visit(node.target)

    def visit_For(self, node):
        for child in (node.iter, node.target, *node.body, *node.orelse):
            self.visit(child)

    def _import(self, node):
        self.bound |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}

    visit_Import = visit_ImportFrom = _import

    def visit_FunctionDef(self, node):
        for child in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if child is not None:
                self.visit(child)
        self.bound.add(node.name)
        inner = _Reader()
        arguments = node.args
        given = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        inner.bound |= {argument.arg for argument in given if argument}
        for child in node.body:
            inner.visit(child)
        self.later |= inner.read | (inner.later - inner.bound)  # read when it is called

    def visit_Lambda(self, node):
        inner = _Reader()
        inner.bound |= {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
        for default in node.args.defaults:
            self.visit(default)
        inner.visit(node.body)
        self.later |= inner.read | (inner.later - inner.bound)

    def _comprehension(self, node):
        inner = _Reader()
        for generator in node.generators:
            for child in (generator.iter, generator.target, *generator.ifs):
                inner.visit(child)
        for child in (getattr(node, name, None) for name in ("elt", "key", "value")):
            if child is not None:
                inner.visit(child)
        self.read |= inner.read - self.bound
        self.later |= inner.later - inner.bound

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_ExceptHandler(self, node):
        self.bound |= {node.name} - {None}
        self.generic_visit(node)


def names_of(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell binds, and those that it reads of other cells.

    Args:
        source: its code; `await` is allowed at the top.

    Returns:
        Two sets.
    """
    reader = _Reader()
    reader.visit(compile(source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
    return reader.bound, (reader.read | (reader.later - reader.bound)) - set(dir(builtins))


def rebound(cells: Iterable[str]) -> dict[str, list[int]]:
    """The names whose value depends on the order in which cells were run.

    Args:
        cells: the code of a notebook's cells.

    Returns:
        Name → the cells that bind it, of all names that one cell reads of another and that more than one cell binds, or
        that the reading cell binds itself.
    """
    binds, reads = defaultdict(list), defaultdict(list)
    for i, source in enumerate(cells):
        bound, read = names_of(source)
        for name in bound:
            binds[name].append(i)
        for name in read:
            reads[name].append(i)
    return {
        name: places
        for name, places in binds.items()
        if name in reads and (len(places) > 1 or places[0] in reads[name])
    }
