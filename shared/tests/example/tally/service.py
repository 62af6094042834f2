"""The handlers and RPC methods of tally."""

import os
import signal
import time

from sqlalchemy import text

from shared.audited import Audited
from shared.contracts import catalog
from shared.db import Database
from shared.delivery import Unrecoverable
from shared.entrypoints import answers, every, handles
from shared.errors import Conflict
from shared.operated import Operated
from shared.permissions import Role
from shared.rpc import Rpc
from tally.seats import Seat, TakeSeat, read_in_advance
from tally.work import Work

DEADLY = 666
rpc = Rpc.decorator  # its methods have no contracts


class Tally(Operated, Audited):
    name = "tally"

    work = Database(Work)

    @rpc()
    def times(self, caller, request):
        with self.work() as work:
            return {"times": work.times(request.get("subject", "%"))}

    @rpc(allow=Role.OPERATOR)
    def reset(self, caller, request):
        return {"by": str(caller.user_id)}

    @rpc()
    def refuse(self, caller, request):
        raise Conflict("not like this", code="no_such_luck", wanted=request["wanted"])

    @rpc()
    def break_down(self, caller, request):
        raise RuntimeError("secret internals")

    @rpc()
    def sleep(self, caller, request):
        """Sleeps in the database, where a blocking driver would stop the whole process."""
        with self.work() as work:
            work.connection.execute(text("SELECT pg_sleep(:s)"), {"s": request["seconds"]})
        return {"slept": request["seconds"]}

    @rpc()
    def collide(self, caller, request):
        """Fails with a deadlock until its subject has been counted three times."""
        with self.work() as work:
            work.count(request["subject"])
        with self.work() as work:
            work.count("rolled back")
            if work.times(request["subject"]) < 3:
                work.connection.execute(text("DO $$ BEGIN RAISE 'simulated' USING ERRCODE = '40P01'; END $$"))
            return {"times": work.times(request["subject"]), "effects": work.times("rolled back")}

    @answers(TakeSeat, together=read_in_advance)
    def take_seat(self, work, caller, request):
        """Count a subject, and do what `then` says before or after it."""
        if request.then == "pause":
            time.sleep(2)
        if request.then == "wait":
            work.connection.execute(text("SELECT pg_advisory_xact_lock(7)"))
        if request.then == "refuse":
            raise Conflict("no seats", code="no_seats")
        work.count(request.subject)
        if request.then == "refuse late":
            raise Conflict("no seats any more", code="no_seats_any_more")
        if request.then == "fail":
            raise RuntimeError("the chair broke")
        work.publish(catalog.StockReleased(checkout_id=request.party))
        return Seat(number=work.times(request.subject), transaction=work.transaction())

    @every(seconds=0.1)
    def tick(self):
        with self.work() as work:
            work.count("tick")
        raise RuntimeError("every round fails, and the service continues")

    @handles(catalog.ReleaseStock)
    def release(self, work, command):
        work.count(command.checkout_id)
        work.publish(catalog.StockReleased(checkout_id=command.checkout_id))

    @handles(catalog.ReserveStock, together=True)
    def reserve(self, work, deliveries):
        for command, envelope in deliveries:
            work.count(command.checkout_id)
            work.reply(catalog.StockReserved(checkout_id=command.checkout_id), to=envelope.message_id)

    @handles(replies=[catalog.StockReserved])
    def answered(self, work, event):
        work.count(f"answered {event.checkout_id}")

    @handles(catalog.StockLow)
    def fail(self, work, event):
        work.count(event.sku_id)
        work.publish(catalog.StockReleased(checkout_id=event.sku_id))
        if event.available == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        if event.available < 0:
            raise Unrecoverable("negative stock")
        if event.available == 0:
            raise RuntimeError("out of stock")

    @handles(catalog.ProductWithdrawn)
    def once(self, work, event):
        work.count(f"once {event.product_id}")

    @handles(catalog.ProductWithdrawn)
    def and_again(self, work, event):
        work.count(f"again {event.product_id}")
