"""Everything that touches Gradio and Starlette."""
