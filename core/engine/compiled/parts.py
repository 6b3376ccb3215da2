"""Compile a function together with those that it calls: only the outermost one becomes machine code.

Numba optimizes every function by itself, generates its machine code, and links its IR into each caller, where it is
optimized again. For the hundred functions of the loop and the formulas this took half of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, TypeAlias

Numba: TypeAlias = Any
"""An untyped Numba object."""

_WIDE_VECTORS: Final = '"prefer-vector-width"="512"'
"""An attribute of LLVM that llvmlite does not know. By default LLVM uses half of AVX-512, so that 8 neurons take two steps."""


@cache
def whole_compiler(*, for_c: bool) -> Numba:
    """Return the ``pipeline_class`` that compiles a function and all its callees as one.

    Args:
        for_c: whether the function is called by its address only. Then its arguments must not alias.
    """
    from numba.core import compiler, compiler_machinery, typed_passes

    numba_compiler: Numba = compiler
    machinery: Numba = compiler_machinery
    callee, outermost = _libraries()

    class Outermost(machinery.LoweringPass):  # type: ignore[misc]
        """Lets the next pass generate machine code."""

        _name = "outermost"

        def __init__(self) -> None:  # abstract in the base class
            super().__init__()

        def run_pass(self, state: Numba) -> bool:
            state.flags.noalias = for_c
            state.library = outermost(state.targetctx.codegen(), state.func_id.func_qualname, for_c=for_c)
            state.library.enable_object_caching()
            return True

    machinery.register_pass(mutates_CFG=False, analysis_only=True)(Outermost)

    class WholeCompiler(numba_compiler.CompilerBase):  # type: ignore[misc]
        def define_pipelines(self) -> list[Numba]:
            passes = numba_compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
            passes.add_pass_after(Outermost, typed_passes.AnnotateTypes)
            passes.finalize()
            return [passes]

        def compile_extra(self, func: Numba) -> Numba:
            self.state.targetctx.refresh()  # compiles Numba's own runtime as usual
            with _replaced_library(self.state.targetctx.codegen(), callee):
                return super().compile_extra(func)

    return WholeCompiler


@contextmanager
def _replaced_library(codegen: Numba, library: Numba) -> Iterator[None]:
    """Compile every function for ``library``; runs under Numba's compiler lock."""
    codegen._library_class = library
    try:
        yield
    finally:
        del codegen._library_class


@cache
def _libraries() -> tuple[Numba, Numba]:
    """Return the classes for the code of a callee, which stays IR, and of an outermost function."""
    from llvmlite import ir
    from numba.core import codegen as numba_codegen

    numba_ir: Numba = ir
    library: Numba = numba_codegen

    class WithoutEnvironment:
        """A code generator for a callee, whose globals have no address."""

        def __init__(self, codegen: Numba) -> None:
            self._codegen = codegen

        def __getattr__(self, name: str) -> object:
            return getattr(self._codegen, name)

        def set_env(self, _name: str, _environment: object) -> None:
            """Do nothing."""

    class Callee(library.JITCodeLibrary):  # type: ignore[misc]
        @property
        def codegen(self) -> Numba:
            return WithoutEnvironment(self._codegen)

        def _optimize_functions(self, module: Numba) -> None:
            module.data_layout = self._codegen._data_layout

        def _optimize_final_module(self) -> None:
            """Do nothing: the outermost function is optimized."""

        def _finalize_final_module(self) -> None:
            self._finalize_dynamic_globals()
            self._finalized = True

        def get_pointer_to_function(self, _name: str) -> int:
            return 0

    class Outermost(library.JITCodeLibrary):  # type: ignore[misc]
        def __init__(self, codegen: Numba, name: str, *, for_c: bool) -> None:
            super().__init__(codegen, name)
            self._for_c = for_c

        def add_ir_module(self, module: Numba) -> None:
            for function in module.functions if self._for_c else ():
                if function.blocks:
                    set.add(function.attributes, _WIDE_VECTORS)
                for block in function.blocks:
                    for instruction in block.instructions:
                        if isinstance(instruction, numba_ir.CallInstr):
                            instruction.attributes.discard("noinline")
            super().add_ir_module(module)

        def _optimize_final_module(self) -> None:
            # The wrapper for C inlines the function, which saves a call, and nothing else needs it.
            for function in self._final_module.functions if self._for_c else ():
                if not function.is_declaration and not function.name.startswith("cfunc."):
                    function.linkage = "internal"
            super()._optimize_final_module()

    return Callee, Outermost


def implement(function: Callable[..., Any], typed: Callable[..., Any], *, prefer_literal: bool = False) -> None:
    """Make compiled code that calls ``function`` insert the IR of ``typed``, which is defined as for Numba's ``intrinsic``.

    Compared to an ``overload`` that calls the intrinsic, it saves a function for each combination of types.
    """
    from numba import types
    from numba.core.typing import templates

    numba_types: Numba = types
    registry: Numba = templates
    template = registry.make_intrinsic_template(function, typed, function.__name__, prefer_literal=prefer_literal)
    registry.infer(template)
    registry.infer_global(function, numba_types.Function(template))
