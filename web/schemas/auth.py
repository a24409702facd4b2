"""Accounts and sessions of shoppers on the wire."""

from __future__ import annotations

import marshmallow as ma

from web.schemas.shape import Shape, Text

_PASSWORD = {"description": "8 to 200 characters.", "format": "password"}


class RegisterSchema(Shape):
    email = Text(required=True, least=3, most=254)
    password = ma.fields.String(required=True, metadata=_PASSWORD)
    name = Text(required=True, least=1, most=120)


class LoginSchema(Shape):
    email = Text(required=True, most=254)
    password = ma.fields.String(required=True, metadata={"format": "password"})


class RefreshSchema(Shape):
    refresh_token = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))


class CustomerSchema(Shape):
    id = ma.fields.UUID(required=True)
    email = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class TokensSchema(Shape):
    access_token = ma.fields.String(required=True)
    token_type = ma.fields.Constant("Bearer", required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "Seconds."})
    refresh_token = ma.fields.String(required=True, metadata={"description": "Good for one refresh."})
    customer = ma.fields.Nested(CustomerSchema, required=True)


class SessionSchema(Shape):
    id = ma.fields.UUID(required=True)
    created_at = ma.fields.AwareDateTime(required=True, format="iso")
    expires_at = ma.fields.AwareDateTime(required=True, format="iso")
    current = ma.fields.Boolean(required=True)


class SessionsSchema(Shape):
    data = ma.fields.List(ma.fields.Nested(SessionSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
