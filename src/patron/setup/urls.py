"""The settings of a workspace, below /w/<slug>/settings/; and `entrance`, the way in by invitation, outside any workspace."""

from django.urls import path, re_path

from patron.setup import joining
from patron.setup.views import data, field_sets, fields, lists, mine, people, pipelines, rights, roles, teams, types, webhooks, workspace

urlpatterns = [
    path("settings/", workspace.start, name="settings"),
    path("settings/profile/", mine.edit, name="settings-profile"),
    path("settings/security/", mine.security, name="settings-security"),
    path("settings/workspace/", workspace.edit, name="settings-workspace"),
    path("settings/workspace/undo/<uuid:operation_id>/", workspace.undo, name="settings-workspace-undo"),
    path("settings/people/", people.index, name="settings-people"),
    path("settings/people/invite/", people.invite, name="settings-invite"),
    path("settings/teams/", teams.index, name="settings-teams"),
    path("settings/teams/<uuid:team_id>/members/", teams.members, name="settings-team-members"),
    path("settings/roles/", roles.index, name="settings-roles"),
    path("settings/roles/new/", roles.new, name="settings-role-new"),
    path("settings/roles/<uuid:role_id>/", roles.edit, name="settings-role"),
    path("settings/roles/<uuid:role_id>/delete/", roles.delete, name="settings-role-delete"),
    path("settings/roles/<uuid:role_id>/fields/<slug:type_key>/", roles.fields, name="settings-role-fields"),
    path("settings/rights/", rights.index, name="settings-rights"),
    path("settings/rights/mine/", rights.mine, name="settings-rights-mine"),
    path("settings/pipelines/", pipelines.index, name="settings-pipelines"),
    path("settings/lists/", lists.index, name="settings-lists"),
    path("settings/lists/<slug:type_key>/", lists.entries, name="settings-list"),
    path("settings/lists/<slug:type_key>/add/", lists.add, name="settings-list-add"),
    path("settings/lists/<slug:type_key>/order/", lists.order, name="settings-list-order"),
    path("settings/lists/<slug:type_key>/<uuid:record_id>/<slug:name>/", lists.do, name="settings-list-do"),
    path("settings/fields/", fields.index, name="settings-fields"),
    path("settings/fields/<slug:type_key>/", fields.of_type, name="settings-fields-of"),
    path("settings/fields/<slug:type_key>/new/", fields.new, name="settings-field-new"),
    path("settings/fields/<slug:type_key>/order/", fields.order, name="settings-field-order"),
    path("settings/fields/<slug:type_key>/formula/", fields.formula, name="settings-field-formula"),
    path("settings/fields/<slug:type_key>/<uuid:record_id>/", fields.edit, name="settings-field"),
    path("settings/fields/<slug:type_key>/<uuid:record_id>/<slug:name>/", fields.do, name="settings-field-do"),
    path("settings/field-sets/", field_sets.index, name="settings-field-sets"),
    path("settings/field-sets/<uuid:set_id>/detach/<uuid:use_id>/", field_sets.detach, name="settings-field-set-detach"),
    path("settings/types/", types.index, name="settings-types"),
    path("settings/types/new/", types.new, name="settings-type-new"),
    path("settings/types/<uuid:record_id>/", types.edit, name="settings-type"),
    path("settings/types/<uuid:record_id>/<slug:name>/", types.do, name="settings-type-do"),
    path("settings/data/", data.overview, name="settings-data"),
    path("settings/data/export/", data.export_all, name="settings-export"),
    path("settings/data/export/<uuid:export_id>/", data.export_state, name="settings-export-state"),
    path("settings/data/export/<uuid:export_id>/file/", data.export_file, name="settings-export-file"),
    path("settings/data/export/<uuid:export_id>/remove/", data.export_remove, name="settings-export-remove"),
    path("settings/webhooks/", webhooks.index, name="settings-webhooks"),
    path("settings/webhooks/new/", webhooks.new, name="settings-webhook-new"),
    path("settings/webhooks/events/", webhooks.events, name="settings-webhook-events"),
    path("settings/webhooks/<uuid:hook_id>/", webhooks.show, name="settings-webhook"),
    path("settings/webhooks/<uuid:hook_id>/edit/", webhooks.edit, name="settings-webhook-edit"),
    path("settings/webhooks/<uuid:hook_id>/do/<slug:name>/", webhooks.act, name="settings-webhook-do"),
    path("settings/webhooks/<uuid:hook_id>/<uuid:delivery_id>/", webhooks.message, name="settings-webhook-message"),
    path("settings/changes/", data.changes, name="settings-changes"),
]

entrance = [re_path(r"^auth/join/(?P<token>[\w=.-]+)/$", joining.join, name="join")]
