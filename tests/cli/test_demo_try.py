import time
from lastmetre.cli.loading import load_scenario, loading
from lastmetre.chain.orders.models import Round, Message, Request
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
def test_x(db, monkeypatch):
    real = loading.load_relay
    def timed(context):
        b=time.process_time(); w=time.time()
        import cProfile,pstats
        pr=cProfile.Profile(); pr.enable()
        r=real(context)
        pr.disable(); 
        print("relay cpu",time.process_time()-b,"wall",time.time()-w)
        pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
        return r
    monkeypatch.setattr(loading,"load_relay",timed)
    b=time.process_time()
    load_scenario("erqi")
    print("all cpu", time.process_time()-b)
    with acting_as(SYSTEM):
        for r in Round.objects.all(): print(r.title,r.state, Request.objects.filter(round=r).count())
        print(Message.objects.filter(state="doubt").count())
