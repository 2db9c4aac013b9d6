"""Addresses of selling that come before those of every record type."""

from django.urls import path

from patron.sales.views import board

urlpatterns = [
    path("deals/board/", board.board, name="deal-board"),
    path("deals/board/<uuid:stage_id>/", board.more, name="deal-board-more"),
]
