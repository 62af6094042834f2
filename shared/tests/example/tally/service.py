"""What tally hears and answers."""

from shared.contracts import catalog
from shared.db import Database
from shared.delivery import Unrecoverable
from shared.entrypoints import handles
from tally.work import Work


class Tally:
    name = "tally"

    work = Database(Work)

    @handles(catalog.ReleaseStock)
    def release(self, work, command):
        work.count(command.checkout_id)
        work.say(catalog.StockReleased(checkout_id=command.checkout_id))

    @handles(catalog.ReserveStock, together=True)
    def reserve(self, work, deliveries):
        for command, envelope in deliveries:
            work.count(command.checkout_id)
            work.say(catalog.StockReserved(checkout_id=command.checkout_id), answers=envelope.message_id)

    @handles(catalog.StockLow)
    def fail(self, work, event):
        work.count(event.sku_id)
        if event.available < 0:
            raise Unrecoverable("nobody can help that")
        if event.available == 0:
            raise RuntimeError("not today")

    @handles(catalog.ProductWithdrawn)
    def once(self, work, event):
        work.count(f"once {event.product_id}")

    @handles(catalog.ProductWithdrawn)
    def and_again(self, work, event):
        work.count(f"again {event.product_id}")
