"""Test data of users, with defaults."""

from shared.auth import ANONYMOUS, verify

PASSWORD = "crunchy armchair"


def registration(**known):
    return {"email": "Mei.Lin@Example.com", "password": PASSWORD, "name": "林梅", **known}


def address(**known):
    return {
        "contact": "林梅",
        "phone": "13800138000",
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "street": "文三路 90 号",
        "postcode": "310012",
        **known,
    }


def signed_in(users, **known):
    """Register and sign in; return the caller as services see it."""
    request = registration(**known)
    users.register(ANONYMOUS, request)
    return sign_in(users, request["email"])


def sign_in(users, email="mei.lin@example.com", password=PASSWORD):
    return verify(users.sign_in(ANONYMOUS, {"email": email, "password": password})["access_token"])


def shop(**known):
    return {"slug": "tidy-desk", "name": "整洁书桌", "owner_email": "Mei.Lin@example.com", **known}


def owned_shop(users, operator, owner, **known):
    """A shop whose invitation `owner` has accepted."""
    return users.accept_invitation(owner, {"token": users.open_shop(operator, shop(**known))["token"]})
