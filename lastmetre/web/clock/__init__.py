"""The demo's clock: a bar on every page and an address for programs; nowhere but in a demo."""
