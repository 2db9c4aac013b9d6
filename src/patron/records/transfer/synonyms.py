"""Words that people head columns with, by what they mean: English, German, French, Spanish."""

from __future__ import annotations

import re
from functools import lru_cache

from patron.kernel.text import fold

#: Meaning to its words, separated by commas; a word may have several meanings.
_WORDS = {
    "company": (
        "company, company name, account, account name, organisation, organization, customer, customer name, "
        "client, client name, firm, business, business name, employer, firma, firmenname, unternehmen, kunde, "
        "kundenname, konto, betrieb, arbeitgeber, societe, entreprise, nom de la societe, raison sociale, compte, "
        "empresa, compania, sociedad, cliente, cuenta, nombre de la empresa, organizacion, razon social"
    ),
    "first_name": "first name, given name, forename, vorname, prenom, nombre, nombre de pila, fname, firstname",
    "last_name": (
        "last name, surname, family name, nachname, familienname, zuname, nom de famille, nom, apellido, "
        "apellidos, lname, lastname"
    ),
    "name": (
        "name, full name, display name, title, bezeichnung, vollstandiger name, voller name, nom complet, "
        "intitule, nombre completo, denominacion, designation, titulo"
    ),
    "salutation": "salutation, honorific, anrede, civilite, tratamiento, mr mrs, titel",
    "job_title": (
        "job title, title, position, role, function, occupation, berufsbezeichnung, funktion, stelle, poste, "
        "fonction, cargo, puesto, titre"
    ),
    "department": "department, division, abteilung, bereich, service, departement, departamento",
    "contact": (
        "contact, contact name, contact person, person, ansprechpartner, kontakt, kontaktperson, personne, "
        "interlocuteur, contacto, persona de contacto"
    ),
    "email": (
        "email, e mail, email address, e mail address, mail, mailadresse, e mail adresse, emailadresse, courriel, "
        "adresse e mail, adresse mail, correo, correo electronico, direccion de correo"
    ),
    "phone": (
        "phone, phone number, telephone, tel, tel no, telephone number, business phone, work phone, office phone, "
        "telefon, telefonnummer, rufnummer, tel nr, numero de telephone, telefono, numero de telefono, fon"
    ),
    "mobile": (
        "mobile, mobile phone, cell, cell phone, cellphone, handy, mobil, mobiltelefon, handynummer, portable, "
        "mobile number, telephone portable, movil, celular, telefono movil"
    ),
    "fax": "fax, fax number, telefax, faxnummer, telecopie",
    "website": (
        "website, web site, web, url, homepage, web address, webseite, webadresse, internet, site web, site "
        "internet, sitio web, pagina web, domain, domaine, dominio"
    ),
    "street": (
        "street, street address, address, address line 1, address 1, strasse, anschrift, adresse, adresszeile 1, "
        "strasse und hausnummer, rue, voie, calle, direccion, domicilio"
    ),
    "postcode": ("postcode, post code, postal code, zip, zip code, plz, postleitzahl, code postal, cp, codigo postal"),
    "city": "city, town, place, ort, stadt, wohnort, ville, commune, localite, ciudad, localidad, poblacion",
    "region": (
        "region, state, province, county, regional office, territory, bundesland, land region, gebiet, bezirk, "
        "departement, estado, provincia, comunidad, zona, office, niederlassung, buro, bureau, oficina"
    ),
    "country": "country, nation, country name, office location, location, land, staat, pays, pais, standort",
    "industry": (
        "industry, sector, branch, vertical, branche, wirtschaftszweig, sektor, secteur, secteur d activite, "
        "industrie, industria, rubro, sector de actividad"
    ),
    "employees": (
        "employees, number of employees, employee count, headcount, staff, company size, mitarbeiter, "
        "mitarbeiterzahl, anzahl mitarbeiter, beschaftigte, effectif, nombre d employes, salaries, empleados, "
        "numero de empleados, plantilla"
    ),
    "revenue": (
        "revenue, annual revenue, turnover, yearly revenue, sales volume, umsatz, jahresumsatz, chiffre d "
        "affaires, ca, ingresos, facturacion, ingresos anuales"
    ),
    "founded": (
        "founded, year established, established, year founded, founding year, foundation year, grundungsjahr, "
        "gegrundet, annee de creation, fondee en, ano de fundacion, fundada"
    ),
    "parent": (
        "parent, parent account, parent company, subsidiary of, belongs to, holding, muttergesellschaft, "
        "mutterfirma, tochter von, konzern, ubergeordneter kunde, ubergeordnete firma, societe mere, maison mere, "
        "filiale de, matriz, empresa matriz, filial de"
    ),
    "deal": (
        "deal, deal name, opportunity, opportunity name, verkaufschance, chance, geschaft, affaire, opportunite, "
        "oportunidad, negocio, nombre de la oportunidad"
    ),
    "stage": (
        "stage, deal stage, sales stage, pipeline stage, phase, verkaufsphase, vertriebsphase, stufe, etape, phase "
        "de vente, etapa, fase, etapa de venta"
    ),
    "status": "status, state, lead status, zustand, statut, etat, estado, situacion",
    "outcome": "outcome, result, won lost, ergebnis, ausgang, resultat, resultado",
    "pipeline": "pipeline, sales pipeline, funnel, vertriebspipeline, entonnoir, embudo",
    "amount": (
        "amount, value, deal value, deal size, close value, total, total value, sum, deal amount, opportunity "
        "amount, betrag, wert, summe, auftragswert, volumen, auftragsvolumen, montant, valeur, somme, importe, "
        "valor, monto, cantidad"
    ),
    "price": (
        "price, unit price, sales price, list price, retail price, preis, stuckpreis, listenpreis, verkaufspreis, "
        "prix, prix unitaire, precio, precio unitario, precio de venta"
    ),
    "currency": "currency, currency code, wahrung, devise, monnaie, moneda, divisa",
    "probability": (
        "probability, likelihood, win probability, chance of winning, wahrscheinlichkeit, "
        "abschlusswahrscheinlichkeit, probabilite, probabilidad"
    ),
    "close_date": (
        "close date, closing date, closed on, expected close, expected close date, closed at, won date, "
        "abschlussdatum, abschluss, abschluss am, erwarteter abschluss, date de cloture, date de signature, "
        "cloture, fecha de cierre, cierre, cierre previsto"
    ),
    "start_date": (
        "start date, start, begin, begin date, engage date, engaged on, opened, opened on, open date, beginn, "
        "startdatum, anfang, date de debut, debut, fecha de inicio, inicio"
    ),
    "end_date": "end date, end, until, ende, enddatum, bis, date de fin, fin, fecha de fin",
    "due": (
        "due, due date, due on, deadline, due by, fallig, falligkeit, falligkeitsdatum, fallig am, frist, "
        "echeance, date d echeance, vencimiento, fecha limite, fecha de vencimiento"
    ),
    "created": (
        "created, created at, created on, create date, creation date, date created, date added, angelegt, angelegt "
        "am, erstellt, erstellt am, erstelldatum, cree, cree le, date de creation, creado, fecha de creacion, "
        "creado el"
    ),
    "owner": (
        "owner, sales agent, sales rep, rep, representative, sales representative, agent, salesperson, account "
        "manager, assigned to, assignee, responsible, seller, besitzer, verantwortlich, verantwortlicher, "
        "zustandig, zugewiesen an, betreuer, verkaufer, bearbeiter, vertriebsmitarbeiter, proprietaire, "
        "responsable, commercial, vendeur, attribue a, propietario, vendedor, comercial, asignado a"
    ),
    "manager": (
        "manager, supervisor, boss, reports to, team lead, vorgesetzter, leiter, teamleiter, superieur, chef, "
        "gerente, jefe"
    ),
    "team": "team, group, mannschaft, gruppe, equipe, groupe, equipo, grupo",
    "product": (
        "product, product name, item, article, produkt, artikel, produktname, artikelname, produit, nom du "
        "produit, producto, articulo, nombre del producto"
    ),
    "product_line": (
        "product line, series, product family, product group, category, produktlinie, baureihe, serie, "
        "produktgruppe, warengruppe, gamme, linea de producto, familia"
    ),
    "sku": (
        "sku, product code, item number, article number, part number, artikelnummer, bestellnummer, artikel nr, "
        "reference, code produit, codigo de producto, referencia"
    ),
    "quantity": "quantity, qty, units, pieces, menge, anzahl, stuck, stuckzahl, quantite, cantidad, unidades",
    "discount": "discount, rebate, rabatt, nachlass, remise, rabais, descuento",
    "source": (
        "source, lead source, origin, channel, quelle, herkunft, leadquelle, kanal, origine, provenance, canal, "
        "origen, fuente"
    ),
    "campaign": "campaign, kampagne, campagne, campana",
    "rating": "rating, temperature, grade, bewertung, einstufung, note, evaluation, calificacion",
    "description": "description, details, beschreibung, beschrieb, descriptif, descripcion, detalle",
    "notes": (
        "notes, note, comment, comments, remark, remarks, notiz, notizen, bemerkung, bemerkungen, kommentar, "
        "anmerkung, remarque, remarques, commentaire, nota, notas, comentario, comentarios, observaciones"
    ),
    "tags": (
        "tags, tag, labels, label, keywords, schlagworte, schlagworter, stichworte, etiketten, etiquettes, mots "
        "cles, etiquetas, palabras clave"
    ),
    "external_id": (
        "id, external id, identifier, record id, key, number, no, nr, ref, external key, kennung, schlussel, "
        "nummer, externe id, identifiant, numero, identificador, clave"
    ),
    "customer_number": (
        "customer number, customer no, account number, client number, kundennummer, kunden nr, kdnr, debitor, "
        "debitorennummer, numero client, code client, numero de cliente, codigo de cliente"
    ),
    "vat_id": (
        "vat, vat id, vat number, tax id, tax number, ust id, ustid, umsatzsteuer id, ust idnr, steuernummer, tva, "
        "numero de tva, siret, siren, nif, cif, rfc"
    ),
    "subject": "subject, topic, betreff, thema, objet, sujet, asunto, tema",
    "priority": "priority, urgency, prioritat, dringlichkeit, priorite, urgence, prioridad, urgencia",
    "language": "language, sprache, langue, idioma, locale",
    "birthday": (
        "birthday, birth date, date of birth, geburtstag, geburtsdatum, anniversaire, date de naissance, "
        "cumpleanos, fecha de nacimiento"
    ),
    "lost_reason": (
        "lost reason, loss reason, reason lost, reason, verlustgrund, grund, absagegrund, motif de perte, raison, "
        "motivo de perdida, motivo, razon"
    ),
    "next_step": "next step, next action, nachster schritt, prochaine etape, siguiente paso, proximo paso",
    "active": "active, enabled, aktiv, actif, activo",
    "do_not_contact": "do not contact, opt out, unsubscribed, nicht kontaktieren, ne pas contacter, no contactar",
}

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_APART = re.compile(r"[^\w]+|_+")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|[*:]+\s*$")


@lru_cache(maxsize=4096)
def words_of(name: str) -> str:
    """A column's or field's name as plain words: "dealStage", "deal_stage" and "Deal-Stage *" are all "deal stage"."""
    bare = _BRACKETS.sub(" ", name).strip() or name
    return " ".join(_APART.sub(" ", fold(_CAMEL.sub(" ", bare))).split())


@lru_cache(maxsize=1)
def _meanings() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for meaning, words in _WORDS.items():
        for word in (meaning, *words.split(",")):
            found.setdefault(words_of(word), set()).add(meaning)
    return {word: frozenset(meanings) for word, meanings in found.items()}


def meanings_of(name: str) -> frozenset[str]:
    """What a column of this name usually holds; nothing for unusual names. "opportunity id" is the identifier."""
    words = words_of(name)
    found = _meanings().get(words)
    head, _space, last = words.rpartition(" ")
    if found is None and words.endswith(("s", "n")):
        found = _meanings().get(words[:-1])
    if found is None and last in ("no", "nr", "number", "nummer"):
        found = _meanings().get(head)
    if found is None and last in ("id", "uuid", "guid", "key"):
        return frozenset(("external_id",))
    return found or frozenset()
