"""Paint devices as large as a page, whose engine receives each paint command."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPaintDevice, QPaintEngine, QPixmap
from typing_extensions import override

from playground.widgets.guard import guarded, guarded_or

# What changed in the painter's state: plain integers, because combining Python's flag objects takes longer than a command.
PEN: Final[int] = QPaintEngine.DirtyFlag.DirtyPen.value
BRUSH: Final[int] = QPaintEngine.DirtyFlag.DirtyBrush.value
TRANSFORM: Final[int] = QPaintEngine.DirtyFlag.DirtyTransform.value
CLIP_PATH: Final[int] = QPaintEngine.DirtyFlag.DirtyClipPath.value
CLIP_REGION: Final[int] = QPaintEngine.DirtyFlag.DirtyClipRegion.value
CLIP_ENABLED: Final[int] = QPaintEngine.DirtyFlag.DirtyClipEnabled.value
HINTS: Final[int] = QPaintEngine.DirtyFlag.DirtyHints.value
OPACITY: Final[int] = QPaintEngine.DirtyFlag.DirtyOpacity.value

_Metric: Final = QPaintDevice.PaintDeviceMetric


class PageDevice(QPaintDevice):
    """A device that passes all that is painted on it to an engine.

    Args:
        width: width in pixels.
        height: height in pixels.
        engine: receives the paint commands.
    """

    def __init__(self, width: int, height: int, engine: PageEngine) -> None:
        super().__init__()
        self._sides = {_Metric.PdmWidth: width, _Metric.PdmHeight: height}
        # The same resolution and pixel ratio as an image, so that fonts have the same size.
        self._pixel = QImage(1, 1, QImage.Format.Format_RGB32)
        self._engine = engine

    @override
    def paintEngine(self) -> QPaintEngine:
        return self._engine

    @override
    @guarded_or(0)
    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        return self._sides[metric] if metric in self._sides else self._pixel.metric(metric)


class PageEngine(QPaintEngine):
    """An engine with all features, which gets pixmaps as images."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)

    @override
    @guarded_or(False)
    def begin(self, pdev: QPaintDevice) -> bool:
        return True

    @override
    @guarded_or(False)
    def end(self) -> bool:
        return True

    @override
    @guarded_or(QPaintEngine.Type.User)
    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    @override
    @guarded
    def drawPixmap(self, r: QRectF | QRect, pm: QPixmap | QImage, sr: QRectF | QRect) -> None:
        self.drawImage(r, pm if isinstance(pm, QImage) else pm.toImage(), sr)
