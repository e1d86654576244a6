"""One box for all: places, homes and people by phone tail, room, name or pinyin; pages by their name."""
