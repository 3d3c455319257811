# ruff: noqa: RUF001 - letters that look alike are the point of some of these names.
"""The words that a made-up library is put together from. Nothing here is chosen: `_seed` does that."""

from __future__ import annotations

from typing import NamedTuple

from .model import Json


class Kind(NamedTuple):
    """A kind of asset: how common it is among 100, its tags, file endings, MIME type and size in powers of two."""

    weight: int
    tags: tuple[str, ...]
    endings: tuple[tuple[str, str], ...]
    smallest_bits: int
    largest_bits: int
    group: str


_PNG, _JPG, _WEBP = (".png", "image/png"), (".jpg", "image/jpeg"), (".webp", "image/webp")
_WEIGHTS = ((".safetensors", "application/safetensors"), (".ckpt", "application/octet-stream"))

KINDS = (
    Kind(46, ("output",), (_PNG, _PNG, _PNG, _WEBP, _JPG), 15, 23, "output"),
    Kind(7, ("output", "video"), ((".mp4", "video/mp4"), (".webm", "video/webm")), 20, 29, "output"),
    Kind(3, ("output", "audio"), ((".flac", "audio/flac"), (".mp3", "audio/mpeg")), 18, 25, "output"),
    Kind(2, ("output", "3d"), ((".glb", "model/gltf-binary"),), 17, 26, "output"),
    Kind(17, ("input",), (_JPG, _JPG, _PNG, (".heic", "image/heic")), 14, 24, "input"),
    Kind(4, ("input", "workflow"), ((".json", "application/json"),), 6, 17, "input"),
    Kind(2, ("input",), ((".txt", "text/plain; charset=utf-8"),), 0, 12, "input"),
    Kind(10, ("models", "loras"), _WEIGHTS[:1], 23, 29, "model"),
    Kind(5, ("models", "checkpoints"), _WEIGHTS, 30, 34, "model"),
    Kind(2, ("models", "vae"), _WEIGHTS[:1], 26, 29, "model"),
    Kind(2, ("models", "controlnet"), _WEIGHTS[:1], 28, 32, "model"),
)

# Common ones first, each about two thirds as likely as the one before it.
EXTRA_TAGS = (
    *("portrait", "draft", "final", "landscape", "upscaled", "client-a", "favourite", "batch_01", "batch%01"),
    *("été", "anime", "straße", "日本", "red, white and blue", "wip", "ёлка", "a,b", "100%", "one of a kind"),
)
ZERO_USE_TAGS = ("archive", "models-archive", "client-b", "unused, with a comma", "портрет")

SUBJECTS = (
    *("portrait", "landscape", "cat", "city at night", "Harbour", "product shot", "self-portrait", "castle"),
    *("Porträt", "PORTRÄT", "paysage d'été", "PAYSAGE D'ÉTÉ", "猫", "ночь", "Ночь", "robot"),
)
MODELS = ("sdxl", "flux_dev", "sd15", "wan2.2", "qwen-image", "Ärger", "ärger", "realistic_vision")
ODD_NAMES = (
    *(
        "",
        "100%_done.png",
        "100x_done.png",
        "a_b%c*.png",
        "axb.png",
        "line one\nline two.png",
        "tab\there.png",
    ),
    *("straße.png", "STRASSE.png", "İstanbul ışık.png", "istanbul isik.png", "ΌΔΥΣΣΕΎΣ.glb", "όδυσσεύς.glb"),
    *(
        "日本語の猫.png",
        "moon 🐈‍⬛.png",
        "caf\u00e9.png",
        "cafe\u0301.png",
        "one, two.png",
        " blanks around ",
    ),
    *(
        "'; DROP TABLE assets; --.png",
        "null",
        "../up.png",
        "x" * 600 + ".png",
        "مرحبا.png",
        "\\back\\slash.png",
    ),
)

SHAPES = ((1024, 1024), (832, 1216), (1920, 1080))
SAMPLERS = ("euler", "dpmpp_2m", "uni_pc")
BASE_MODELS = ("sdxl", "flux", "sd15")
# The same key with values that look alike: a filter has to tell them apart.
LOOKALIKES: tuple[Json, ...] = (
    1,
    1.0,
    "1",
    True,
    None,
    [],
    [1, 2],
    ["1", None],
    {"a": 1, "b": 2},
    {"b": 2, "a": 1},
    [[1]],
    "",
    0,
)
NOTES = ("", "keep", "Für Anna", "two\nlines", "为什么", "ask client-a", '"quoted"')
