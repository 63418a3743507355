"""A fair queue."""


class Turns:
    """Owners come in turn, whoever was served longest ago first; each one's runs in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: dict[str, str] = {}      # id -> owner, in order of arrival
        self._served: dict[str, int] = {}       # owner -> the turn in which they were last served
        self._turn = 0

    def __contains__(self, id: str) -> bool:
        return id in self._waiting

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, id: str, owner: str) -> None:
        self._waiting.setdefault(id, owner)

    def remove(self, id: str) -> None:
        self._waiting.pop(id, None)

    def take(self, id: str) -> str:
        """It has its turn."""
        self._turn += 1
        self._served[self._waiting.pop(id)] = self._turn
        return id

    def order(self) -> list[str]:
        """All who wait, as they will be served."""
        waiting, served, order = dict(self._waiting), dict(self._served), []
        while waiting:
            id = min(waiting, key=lambda id: served.get(waiting[id], 0))
            served[waiting.pop(id)] = self._turn + 1 + len(order)
            order.append(id)
        return order
