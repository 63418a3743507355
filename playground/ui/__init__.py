"""What a browser sees. Only `http/gradio_hooks.py` imports gradio; the rest is values in, engine or store, values out."""
