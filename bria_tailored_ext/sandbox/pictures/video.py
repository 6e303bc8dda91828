"""A short film from one picture: a slow move over it, marked as the sandbox's."""

import io
from fractions import Fraction

import numpy as np
from PIL import Image

_FPS = 24


def animate(image: bytes, *, seed: int, seconds: float = 5.0) -> bytes:
    import av

    with Image.open(io.BytesIO(image)) as opened:
        picture = opened.convert("RGB").resize((720, 720))
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"moov_size": "16384"}) as box:
        stream = box.add_stream("libx264", rate=_FPS)
        stream.width, stream.height, stream.pix_fmt = 720, 720, "yuv420p"
        stream.codec_context.thread_count = 1
        for index in range(round(seconds * _FPS)):
            zoom = 1 - 0.1 * index / (seconds * _FPS)
            part = picture.resize((720, 720), box=(0, 0, 720 * zoom, 720 * zoom))
            frame = av.VideoFrame.from_ndarray(np.asarray(part), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, _FPS)
            box.mux(stream.encode(frame))
        box.mux(stream.encode())
    return out.getvalue()
