"""What runs beside training costs it nothing while nobody asks for anything."""

import gradio as gr

from playground.ui.http import gradio_page


def test_gradio_s_queue_seldom_looks_for_work_that_never_comes():
    with gr.Blocks(analytics_enabled=False) as plain:
        pass
    ours = gradio_page.build([], "1")._queue
    for name in ("sleep_when_free", "progress_update_sleep_when_free"):
        assert getattr(plain._queue, name) < 0.05 < getattr(ours, name) <= 1
