"""Companies that are known as leads only. All of them are invented."""

from . import rows
from .places import POSTCODES

_LINES = """
water: DE Kassel Wasserwerk Fuldabogen; DE Rostock Zweckverband Warnowtal; GB Norwich Fenwick Drainage Board
water: FR Nantes Eaux du Haut-Brivet; IT Padua Consorzio Acque Bacchetta; ES Murcia Aguas de Sierra Alhambilla
water: NL Zwolle Waterbedrijf IJsselkolk; PT Setúbal Águas de Monte Covelo; PL Rzeszów Wodociągi Wisłoczne
water: RO Timișoara Apa Bega Verde; IE Galway Corrib Basin Scheme; GR Thessaloniki Ydrevsi Axiou
food: DE Nuremberg Lebkuchen Manufaktur Rosenau; DE Munich Isarfeld Feinkost; AT Innsbruck Sennerei Hochgratl
food: CH Lausanne Chocolaterie Bellerive-Dubochet; FR Bordeaux Conserverie Arcachine; FR Toulouse Volailles du
  Lauragais Noir
food: IT Bologna Salumificio Torrecorva; IT Turin Torrefazione Sabaudella; ES Vigo Conservas Ría Clara
food: ES Bilbao Pescados Gaztelumendi; PT Porto Moagem do Carvalhido; NL Groningen Zuivelhoeve Reitdiep-Noord
food: BE Mechelen Patisserie Van Roosendael; DK Aalborg Limfjord Muslinger; SE Örebro Bageri Kornknarren
food: NO Trondheim Trøndermeieriet Nyborg; FI Turku Saaristo Kala; PL Łódź Piekarnia Kłosowianka
food: CZ Plzeň Sladovna Radbuzka; HU Szeged Paprika Tiszavirág; IE Waterford Comeragh Crisps
food: GB Glasgow Clydebank Shortbread Works; GB Swansea Gowerbay Ice Cream; HR Split Maslinarstvo Kaštelin
chemicals: DE Mannheim Rheinau Lackfabrik; DE Magdeburg Elbetal Düngemittel; NL Delft Spinell Coatings
chemicals: BE Antwerp Scheldemond Solvents; FR Lille Peintures Deûlémont; IT Milan Vernici Lambrina
chemicals: ES Tarragona Resinas Mediterra; PL Katowice Chemia Brynica; CZ Brno Svratka Barvy
paper: FI Espoo Nuuksio Packaging; SE Gävle Dalälven Kartong; DE Dresden Feinpapier Müglitztal
paper: AT Graz Murtal Kartonagen; PT Setúbal Papéis Sadinos; FR Grenoble Papeterie Belledonne-Sud
metals: DE Essen Ruhrbogen Schmiede; DE Wuppertal Bergische Gesenkschmiede Lohmar; IT Turin Fonderia Stura
metals: ES Bilbao Forjas Nervión Alto; PL Katowice Odlewnia Rawka; CZ Ostrava Válcovna Odřička
metals: GB Sheffield Rivelin Blades; SE Linköping Motala Precision Castings; TR Bursa Uludere Döküm
energy: DE Regensburg Bürgerwerke Naabtal; DE Erfurt Fernwärme Gera-Aue; DK Odense Fynbo Fjernvarme
energy: FI Oulu Pohjavirta Energia; ES Zaragoza Eólica Moncayuelo; PT Évora Sol do Redondo
energy: SI Ljubljana Toplarna Barjanka; EE Tartu Emajärve Soojus; LT Vilnius Nerinė Šiluma
energy: GB Exeter Hartland Tidal; IE Cork Ballycotton Community Wind; ZA Cape Town Karoo Sunline
hospitals: DE Hanover Klinik Eilenrieder Hof; CH Basel Rheinspital Albanbrück; FR Rennes Clinique des Quatre-Moulins
hospitals: IT Verona Casa di Cura San Procolo; ES Valencia Hospital Turia Norte; NL Eindhoven Ziekenhuis De Dommelhof
hospitals: PL Wrocław Szpital Jodłowiec; SE Gothenburg Närvård Majviken; GB Leeds Meanbrook Hospice
logistics: DE Bremen Weserport Kühllogistik; NL Rotterdam Waalkade Reefer Depot; BE Liège Transports Meusaline
logistics: FR Lyon Frigo Confluence; IT Bologna Interfreddo Savena; ES Murcia Frutas en Ruta
logistics: PL Poznań Chłodnie Wartanka; RO Constanța Dobrogea Frig; LT Kaunas Šaltis Express; HU Budapest Csepel Raktár
ports: DE Rostock Warnemünder Schiffsservice; GR Piraeus Peramia Nafpigia; HR Split Brodoremont Čiovo
ports: NO Bergen Vågsnes Rederi; GB Hull Humberreach Tugs; PT Setúbal Estaleiros do Sado Novo
textile: IT Padua Filatura Brentella; PT Braga Têxtil Vizela Nova; TR Denizli Pamukdere Havlu
textile: IN Pune Mula River Fabrics; MA Tangier Tissages du Détroit; RO Sibiu Filatura Cibin
building: DE Regensburg Kalkwerk Laaberjura; ES Valencia Azulejos Plana Baixa; IT Modena Ceramiche Secchia Alta
building: PL Kielce Cementownia Łysica; FR Toulouse Briqueterie Garonnaise; CZ Olomouc Cihelna Hanačka
property: DE Berlin Wohnungsbau Panke-Aue; AT Vienna Hausverwaltung Prater-Donau; NL Haarlem Spaarnhage Vastgoed
property: CH Winterthur Tössrain Immobilien; SE Malmö Fastighets AB Ribban; GB Bristol Clifton Gorge Lettings
automotive: DE Stuttgart Zahnradwerk Remsbogen; CZ Plzeň Lisovna Úslava; HU Győr Rába-part Alkatrész
automotive: SK Žilina Váhokov Komponenty; PL Wrocław Oława Press Parts; ES Zaragoza Troqueles del Ebro Medio
automotive: MX Puebla Estampados Cholollan; TR Bursa Nilüfer Döküm; RO Timișoara Banat Auto Cablaje
pharma: CH Basel Wiesental Biotech; BE Leuven Dijle Therapeutics; IE Cork Lee Valley Sterile
pharma: DE Freiburg Dreisamquell Pharma; DK Aarhus Marselis Vaccines; IT Parma Laboratori Taro
machinery: DE Bielefeld Sparrenberg Nähtechnik; DE Kassel Habichtspitz Pumpenbau; AT Linz Traunfeld Hydraulik
machinery: IT Vicenza Officine Retrone; CH St. Gallen Sittertobel Textilmaschinen; LT Kaunas Panemunė Mechanics
machinery: SE Linköping Stångå Robotics; NL Eindhoven Kempisch Precision; FI Tampere Pyynikki Hydraulics
public: DE Landshut Markt Niederlohe; AT Salzburg Gemeinde Hinterseeberg; NO Hamar Furuneset kommune
public: FR Valence Communauté du Val de Galaure-Est; ES Lleida Ayuntamiento de Vallserena; IT Trento Comune di
  Pietraluna
public: NL Zwolle Gemeente Vechterdiep; PL Lublin Gmina Bystrzanka; SE Kalmar Ölandsporten kommun; IE Tralee Fennick
  Harbour Trust
"""


def _prospects() -> tuple[tuple[str, str, str, str], ...]:
    """(name, country, city, industry) of each; the city is the part that `places` knows."""
    result = []
    for line in rows(_LINES):
        industry, entries = line.split(": ", 1)
        for entry in entries.split("; "):
            code, rest = entry[:2], entry[3:]
            city = max((c for n, c in POSTCODES if n == code and rest.startswith(f"{c} ")), key=len)
            result.append((rest[len(city) + 1 :], code, city, industry))
    return tuple(result)


PROSPECTS = _prospects()
