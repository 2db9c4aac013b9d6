"""Countries: money, telephone numbers, streets and cities with a postal code.

`#` is a digit. Where a country keeps numbers free for fiction, these are used; there is no mobile pattern where the
only safe ones do not look like mobile numbers.
"""

from dataclasses import dataclass

from . import rows


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    name: str
    currency: str
    culture: str  # key of the names in use
    phones: tuple[str, ...]
    mobiles: tuple[str, ...]
    street_form: str
    streets: tuple[str, ...]


AFTER, BEFORE = "{street} {number}", "{number} {street}"

_ROWS = """
AT|Austria|EUR|de|+431200#### +43732200###|+436641000###|after|Industriestraße,Bahnhofstraße,Am
  Werkskanal,Mühlweg,Donaulände
AE|United Arab Emirates|USD|ar|+97122000### +97142000###|+971502000###|before|Corniche Service Road,Al Marsa
  Street,Warehouse Lane
BE|Belgium|EUR|nl|+3232000### +3292000###|+32470000###|after|Havenlaan,Kanaalstraat,Rue des Tanneurs,Industriepark
BR|Brazil|USD|pt|+554130001###|+5541991000###|after|Rua das Palmeiras,Avenida Industrial,Rua do Comércio
CA|Canada|USD|en|+15195550###||before|Mill Road,Concession Street,Old Quarry Road
CH|Switzerland|CHF|ch|+41442000### +41812000###|+41792000###|after|Industriestrasse,Seefeldweg,Talstrasse,Via al Ponte
CZ|Czechia|EUR|cs|+420220001### +420596000###|+420601000###|after|Nádražní,Průmyslová,Slezská,U Vodárny
DE|Germany|EUR|de|+493023125### +492214710### +496990009### +494066969###
  +498999998###|+4917139200##|after|Industriestraße,Hafenstraße,Am
  Wasserturm,Gutenbergring,Werkstraße,Lindenallee,Siemensweg,Zum Umspannwerk
DK|Denmark|EUR|da|+45331200## +45861200##|+4526000###|after|Havnegade,Industrivej,Møllevej,Fabriksvej
EE|Estonia|EUR|et|+3726000###|+3725000###|after|Sadama,Tööstuse,Lootsi
ES|Spain|EUR|es|+34910001### +34960001###|+34600001###|after|Calle del Molino,Avenida de la Industria,Polígono Las
  Eras,Calle Mayor
FI|Finland|EUR|fi|+358920001### +35832000###|+358401000###|after|Tehtaankatu,Satamatie,Myllykuja,Teollisuustie
FR|France|EUR|fr|+33199001### +33261911### +33465711###||before|rue des Ateliers,avenue de la Gare,chemin du
  Moulin,quai de la Fontaine,zone artisanale des Saules
GB|United Kingdom|GBP|en|+441134960### +441174960### +441614960### +442079460###||before|Wharf Road,Millbrook
  Lane,Foundry Street,Station Approach,Reservoir Close
GR|Greece|EUR|el|+302102000###|+306942000###|after|Akti Limani,Odos Elaion,Leoforos Thalassis
HR|Croatia|EUR|sl|+38551200###|+385912000###|after|Lučka ulica,Obala,Brodogradilišna
HU|Hungary|EUR|hu|+3612000### +3696500###|+36301000###|after|Gyár utca,Ipar út,Malom utca,Duna sétány
IE|Ireland|EUR|ie|+35312000### +353214800###|+353850001###|before|Dock Road,Creamery Lane,Abbey Street,Quayside
IN|India|USD|in|+914222000###|+9190000123##|before|Mill Compound Road,Avinashi Cross Street
IT|Italy|EUR|it|+390200001### +390300001### +390510001###|+393200001###|after|Via dell'Industria,Via del Lavoro,Viale
  della Stazione,Via Fratelli Moretti,Strada del Mulino
LT|Lithuania|EUR|lt|+37052000### +37046200###|+37060000###|after|Uosto gatvė,Pramonės gatvė,Malūnų gatvė
LV|Latvia|EUR|lt|+37167000###|+37120000###|after|Ostas iela,Dzirnavu iela
MA|Morocco|EUR|ar|+212522000###|+212661000###|before|boulevard du Port,rue des Tisserands
MX|Mexico|USD|es|+528120001###|+528112000###|after|Avenida de los Talleres,Calle Encino
NA|Namibia|EUR|za||+264811000###|before|Acacia Drive,Depot Street
NG|Nigeria|USD|ng|+2342012000###|+2348020001###|before|Wharf Access Road,Adeniji Close
NL|Netherlands|EUR|nl|+31102000###
  +31200001###|+31612000###|after|Havenkade,Industrieweg,Molenwerf,Scheepmakersdijk,Stationsplein
NO|Norway|EUR|no|+4722000### +4770000###|+4740000###|after|Havnegata,Industriveien,Fjordveien
PL|Poland|EUR|pl|+48220001### +48580001###|+48601000###|after|ul. Fabryczna,ul. Portowa,ul. Młyńska,ul. Składowa
PT|Portugal|EUR|pt|+351210001### +351220001###|+351910001###|after|Rua da Fábrica,Avenida do Porto,Rua dos Oleiros
RO|Romania|EUR|ro|+40212000### +40259200###|+40720000###|after|Strada Fabricii,Calea Morilor,Strada Gării
SE|Sweden|SEK|sv|+46313900### +46406280###
  +46846500###|+46701740###|after|Hamngatan,Bruksvägen,Kvarngatan,Industrigatan
SI|Slovenia|EUR|sl|+38612000### +38622000###|+38631000###|after|Tovarniška cesta,Mlinska pot,Pristaniška ulica
SK|Slovakia|EUR|cs|+421552000###|+421905000###|after|Priemyselná,Hutnícka,Prístavná
TR|Türkiye|EUR|tr|+902242000###|+905322000###|after|Sanayi Caddesi,Menekşe Sokak,Liman Yolu
US|United States|USD|en|+12085550### +15035550###||before|Basin Avenue,Cannery Row East,Old Mill Road
ZA|South Africa|USD|za|+27542000###|+27822000###|before|Depot Road,Oranje Street
"""

_CITIES = """
AT Graz 8010; Innsbruck 6020; Linz 4020; Salzburg 5020; Wels 4600; Vienna 1110
AE Abu Dhabi 00000; Dubai 00000; Fujairah 00000
BE Antwerp 2030; Bruges 8000; Ghent 9000; Leuven 3000; Liège 4000; Mechelen 2800; Namur 5000
BR Curitiba 80010; Joinville 89201
CA Guelph N1H 4E1
CH Basel 4056; Chur 7000; Lausanne 1003; Lugano 6900; St. Gallen 9000; Winterthur 8400
CZ Bohumín 735 81; Brno 602 00; Liberec 460 01; Olomouc 779 00; Ostrava 702 00; Plzeň 301 00
DE Augsburg 86153; Bautzen 02625; Berlin 10245; Bielefeld 33602; Bremen 28195; Bremerhaven 27568; Cologne 50679
DE Dresden 01067; Düsseldorf 40219; Erfurt 99084; Essen 45127; Flensburg 24937; Freiburg 79098; Fulda 36037
DE Halle 06112; Hamburg 20457; Hanover 30159; Heikendorf 24226; Heilbronn 74072; Kassel 34117; Kiel 24103
DE Landshut 84028; Leipzig 04109; Lübeck 23552; Lüneburg 21335; Magdeburg 39104; Mannheim 68159; Munich 80339
DE Nuremberg 90443; Oldenburg 26122; Oranienburg 16515; Pforzheim 75172; Potsdam 14467; Regensburg 93047
DE Rostock 18055; Schwedt 16303; Stuttgart 70173; Ulm 89073; Wuppertal 42103
DK Aalborg 9000; Aarhus 8000; Esbjerg 6700; Kolding 6000; Odense 5000; Viborg 8800
EE Pärnu 80010; Tallinn 10151; Tartu 51003
ES Badajoz 06001; Bilbao 48001; Córdoba 14001; Lleida 25003; Logroño 26001; Mérida 06800; Murcia 30001; Seville 41001
ES Tarragona 43001; Valencia 46024; Vigo 36202; Zaragoza 50003
FI Espoo 02100; Kotka 48100; Oulu 90100; Tampere 33100; Tornio 95400; Turku 20100
FR Annecy 74000; Bordeaux 33300; Chambéry 73000; Clermont-Ferrand 63000; Dunkirk 59140; Grasse 06130; Grenoble 38000
FR Lille 59000; Lyon 69007; Nantes 44200; Reims 51100; Rennes 35000; Saint-Fons 69190; Toulouse 31200; Valence 26000
GB Barnstaple EX31 1AA; Bradford BD1 1HX; Bristol BS1 6QA; Canterbury CT1 2JA; Chester CH1 1SF; Exeter EX1 1SG
GB Glasgow G2 4JR; Hereford HR1 2BX; Hull HU1 1TJ; Leeds LS1 4DY; Norwich NR1 3QA; Plymouth PL1 2AA; Sheffield S1 2HH
GB Swansea SA1 3SN; Wakefield WF1 2EB; Worcester WR1 2EY
GR Heraklion 712 02; Piraeus 185 35; Thessaloniki 546 25
HR Pula 52100; Rijeka 51000; Split 21000
HU Budapest 1097; Győr 9021; Kecskemét 6000; Pápa 8500; Szeged 6720
IE Cork T12 X70A; Galway H91 E2K0; Limerick V94 T9PX; Tralee V92 W6F3; Waterford X91 KW2P
IN Coimbatore 641018; Pune 411001
IT Bologna 40121; Brescia 25121; Lecco 23900; Lucca 55100; Milan 20151; Modena 41121; Padua 35131; Parma 43121
IT Perugia 06121; Ravenna 48121; Trento 38122; Turin 10144; Verona 37135; Vicenza 36100
LT Kaunas 44240; Klaipėda 91247; Vilnius 01103
LV Liepāja 3401; Riga 1045
MA Casablanca 20250; Tangier 90000
MX Monterrey 64000; Puebla 72000
NA Otjiwarongo 10001; Windhoek 10005
NG Ibadan 200221; Lagos 101001
NL Amersfoort 3811; Delft 2611; Dordrecht 3311; Eindhoven 5611; Groningen 9711; Haarlem 2011; Nijmegen 6511
NL Rotterdam 3197; Vlissingen 4381; Zwolle 8011
NO Bergen 5003; Bodø 8006; Drammen 3015; Hamar 2317; Narvik 8514; Trondheim 7010; Ålesund 6002
PL Bydgoszcz 85-010; Gdynia 81-340; Katowice 40-001; Kielce 25-001; Koszalin 75-001; Lublin 20-001; Łódź 90-001
PL Poznań 61-001; Rzeszów 35-001; Szczecin 70-001; Wrocław 50-001
PT Aveiro 3800; Braga 4700; Leiria 2400; Porto 4050; Setúbal 2900; Vila Real 5000; Évora 7000
RO Cluj-Napoca 400001; Constanța 900001; Oradea 410001; Sibiu 550001; Timișoara 300001
SE Borlänge 784 30; Gävle 803 20; Gothenburg 411 04; Halmstad 302 42; Kalmar 392 31; Karlstad 652 24; Kiruna 981 31
SE Linköping 582 22; Luleå 972 31; Malmö 211 20; Uppsala 753 20; Växjö 352 30; Örebro 702 10
SI Koper 6000; Kranj 4000; Ljubljana 1000; Maribor 2000
SK Bratislava 811 01; Komárno 945 01; Košice 040 01; Žilina 010 01
TR Bursa 16010; Denizli 20010; İzmir 35210
US Boise 83702; Portland 97209
ZA Cape Town 8001; Upington 8801
"""


def _country(row: str) -> Country:
    code, name, currency, culture, phones, mobiles, form, streets = row.split("|")
    return Country(
        code=code,
        name=name,
        currency=currency,
        culture=culture,
        phones=tuple(phones.split()),
        mobiles=tuple(mobiles.split()),
        street_form=AFTER if form == "after" else BEFORE,
        streets=tuple(streets.split(",")),
    )


def _postcodes() -> dict[tuple[str, str], str]:
    """The postal code of each (country, city). A city ends where the first word with a digit begins."""
    result = {}
    for row in _CITIES.strip().splitlines():
        code, cities = row[:2], row[3:].split("; ")
        for entry in cities:
            words = entry.split()
            start = next(i for i, word in enumerate(words) if any(c.isdigit() for c in word))
            result[code, " ".join(words[:start])] = " ".join(words[start:])
    return result


COUNTRIES = {country.code: country for country in map(_country, rows(_ROWS))}
POSTCODES = _postcodes()
CITIES = {code: tuple(city for country, city in POSTCODES if country == code) for code in COUNTRIES}
