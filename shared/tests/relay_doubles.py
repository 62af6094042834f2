"""What a relay runs on in its tests: a loop and a broker that the test controls."""


class Loop:
    """An event loop with a clock that the test advances."""

    def __init__(self):
        self.now, self._later = 1000.0, []

    def call_later(self, delay, call):
        self._later.append((self.now + delay, call))

    def stop(self):
        self._later.clear()

    def run(self, seconds=0.0):
        """Advance the clock, running calls that become due."""
        end = self.now + seconds
        while due := sorted((w for w in self._later if w[0] <= end), key=lambda w: w[0]):
            self._later.remove(due[0])
            self.now = max(self.now, due[0][0])
            due[0][1]()
        self.now = end


class Broker:
    """Records published rows; the test decides their outcome."""

    def __init__(self):
        self.is_open, self.published = True, []

    def connect(self, callbacks):
        self.callbacks = callbacks

    def publish(self, row):
        if row.topic == "test.unsendable.v1":
            raise ValueError("not for AMQP")
        self.published.append(row)

    def close(self):
        self.is_open = False
