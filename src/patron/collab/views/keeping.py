"""Keeping records and views at hand."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from patron.collab import panels
from patron.collab.domain import favourites
from patron.collab.domain.refs import Ref
from patron.kernel.web import is_fragment, toast
from patron.records import registry
from patron.records.verbs import Refused
from patron.records.views.base import back, href, view_of


@require_POST
def toggle(request: HttpRequest, slug: str, type_key: str, record_id: uuid.UUID) -> HttpResponse:
    """Keep a record or saved view (type "views") at hand, or no longer; what the person may not see is not found."""
    access = view_of(request).access
    if type_key != favourites.VIEWS and registry.find(type_key) is None:
        raise Http404
    ref = Ref(type_key, record_id)
    try:
        kept = favourites.toggle(access, ref)
    except Refused as error:
        raise Http404 from error
    if not is_fragment(request):
        return back(request, href(access))
    words = favourites.KEPT if kept else favourites.LEFT
    return toast(HttpResponse(panels.star(ref, access, kept=kept, request=request)), str(words))
