from ninja import NinjaAPI

api = NinjaAPI(title="Paykassma Admin", version="1")
