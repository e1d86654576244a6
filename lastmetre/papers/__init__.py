"""The printer: labels, pick lists, delivery notes, cart, door and money sheets of one round of one compound.

Pure: a frozen `Pack` in, files out. Start at `pack.Pack`, then `write.write_pack`.
"""
