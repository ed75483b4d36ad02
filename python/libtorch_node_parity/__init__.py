"""The Python half of `xception parity`."""
