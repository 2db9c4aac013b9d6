"""The customers, as an outline: indentation is the tree. All of them are invented.

A line is `name | country city | industry size`; industry and size (S, M, L, XL) fall to the branches where they name
none, the size one smaller.
"""

OUTLINE = """
Sallowmere Group | GB Bristol | water XL
  Sallowmere Water | GB Exeter
    Sallowmere Water Torridge | GB Barnstaple
    Sallowmere Water Tamar | GB Plymouth
  Sallowmere Wasser | DE Hamburg
    Sallowmere Wasser Kiel | DE Kiel
      Klärwerk Sallowmere Heikendorf | DE Heikendorf
  Sallowmere Ireland | IE Cork
Ravnsø Foods | DK Aarhus | food XL
  Ravnsø Frozen | DK Esbjerg
    Ravnsø Frozen Polska | PL Gdynia
  Ravnsø Dairies | DK Viborg
    Ravnsø Dairies Skåne | SE Malmö
    Ravnsø Dairies Schleswig | DE Flensburg
  Ravnsø Logistics | DK Kolding | logistics M
Castellande Papier | FR Grenoble | paper L
  Castellande Emballages | FR Valence
  Castellande Iberia | ES Zaragoza
    Castellande Tarragona | ES Tarragona
Hallgrund Steel | SE Luleå | metals XL
  Hallgrund Rolling | SE Borlänge
  Hallgrund Mining | SE Kiruna
    Hallgrund Mining Norge | NO Narvik
  Hallgrund Tubes | FI Tornio
Oderkamp Holding | DE Leipzig | chemicals XL
  Oderkamp Chemie | DE Leipzig
    Oderkamp Chemie Schwedt | DE Schwedt
      Oderkamp Tanklager Schwedt | DE Schwedt
    Oderkamp Chemia | PL Szczecin
  Oderkamp Coatings | DE Halle
  Oderkamp Specialties | NL Rotterdam
    Oderkamp Terminal Botlek | NL Rotterdam | logistics M
Groupe Solenne | FR Lyon | chemicals XL
  Solenne Chimie | FR Lyon
    Solenne Chimie Saint-Fons | FR Saint-Fons
  Solenne Arômes | FR Grasse | food M
  Solenne Italia | IT Ravenna
  Solenne Maroc | MA Casablanca
Varmelid Energi | SE Karlstad | energy L
  Varmelid Fjärrvärme | SE Karlstad
  Varmelid Vind | SE Kalmar
  Varmelid Norge | NO Hamar
Kestermühl Gruppe | DE Ulm | food L
  Kestermühl Mehl | DE Ulm
  Kestermühl Backwaren | DE Augsburg
  Kestermühl Austria | AT Wels
  Kestermühl Pasta | IT Verona
Tresquin Ports | BE Antwerp | ports L
  Tresquin Terminals Zwin | BE Bruges
  Tresquin Reefer | NL Vlissingen | logistics M
  Tresquin Dunkerque | FR Dunkirk
  Tresquin Levante | ES Valencia
Pannora Textil | HU Győr | textile M
  Pannora Dyeworks | HU Pápa
  Pannora Slovakia | SK Komárno
  Pannora România | RO Oradea
Gruppo Valsorda | IT Brescia | metals L
  Valsorda Acciai | IT Brescia
    Valsorda Acciai Lecco | IT Lecco
  Valsorda Fonderie | IT Vicenza
  Valsorda Energia | IT Milan | energy M
Lindqvarn Glas | SE Växjö | building M
  Lindqvarn Planglas | SE Halmstad
  Lindqvarn Polska | PL Poznań
Orchardine & Vale | GB Hereford | food M
  Orchardine Cider | GB Hereford
  Vale Cold Stores | GB Worcester | logistics S
  Orchardine Juices Ireland | IE Waterford
Kliniken Havelbogen | DE Potsdam | hospitals L
  Klinikum Havelbogen Nord | DE Oranienburg
  Klinikum Havelbogen Süd | DE Potsdam
  Havelbogen Labor | DE Berlin
  Havelbogen Service GmbH | DE Potsdam
Ashgrave Hospitals | GB Leeds | hospitals L
  Ashgrave General | GB Leeds
  Ashgrave Children's | GB Bradford
  Ashgrave Sterile Services | GB Wakefield
Grupo Corriente Alta | ES Seville | energy L
  Corriente Solar | ES Seville
    Corriente Solar Badajoz | ES Badajoz
      Planta Campo Lucero | ES Mérida
    Corriente Solar Alentejo | PT Évora
  Corriente Biogás | ES Lleida
  Corriente México | MX Monterrey
Meridane Dairies | IE Limerick | food L
  Meridane Creamery Tralee | IE Tralee
  Meridane Ingredients | IE Cork
  Meridane UK | GB Chester
Zephyrine Ceramics | PT Aveiro | building M
  Zephyrine Tiles | PT Aveiro
  Zephyrine Sanitary | PT Leiria
  Zephyrine Brasil | BR Curitiba
Kalavari Agri | NA Windhoek | food M
  Kalavari Boreholes | NA Otjiwarongo | water S
  Kalavari Cold Chain | ZA Upington | logistics S
Ostrovik Steelworks | CZ Ostrava | metals L
  Ostrovik Coking Plant | CZ Ostrava
  Ostrovik Wire | CZ Bohumín
  Ostrovik Slovakia | SK Košice
Baltmere Shipping | EE Tallinn | ports M
  Baltmere Ferries | EE Tallinn
  Baltmere Shipyard | LT Klaipėda
  Baltmere Latvia | LV Riga
Immowerk Rhenanis | DE Düsseldorf | property M
  Rhenanis Wohnen | DE Cologne
  Rhenanis Facility Services | DE Essen
Anadora Tekstil | TR Bursa | textile M
  Anadora İplik | TR Denizli
  Anadora Lojistik | TR İzmir | logistics S
Skarvøy Seafood | NO Ålesund | food M
  Skarvøy Havbruk | NO Bodø
  Skarvøy Processing | NO Ålesund
  Skarvøy Polska | PL Koszalin
Gletschbach Kraftwerke | CH Chur | energy M
  Gletschbach Netze | CH Chur
  Gletschbach Ticino | CH Lugano
Steyrquell Getränke | AT Linz | food M
  Steyrquell Brauerei | AT Linz
  Steyrquell Mineralwasser | AT Salzburg
  Steyrquell Slovenija | SI Maribor
Keltavuo Forest | FI Tampere | paper L
  Keltavuo Pulp | FI Oulu
  Keltavuo Board | FI Kotka
  Keltavuo Eesti | EE Pärnu
  Keltavuo Deutschland | DE Lübeck
Helianthe Pharma | BE Ghent | pharma L
  Helianthe Biologics | BE Leuven
  Helianthe Logistics | BE Liège | logistics S
  Helianthe Swiss | CH Basel
  Helianthe Ireland | IE Galway
Wernsbach Automotive | DE Stuttgart | automotive L
  Wernsbach Guss | DE Heilbronn
  Wernsbach Hungary | HU Kecskemét
  Wernsbach Polska | PL Wrocław
  Wernsbach México | MX Puebla
Adrivento Marine | HR Rijeka | ports M
  Adrivento Shipyard | HR Pula
  Adrivento Cold Stores | SI Koper | logistics S
Sahrin Water | AE Abu Dhabi | water L
  Sahrin Desalination | AE Fujairah
  Sahrin District Cooling | AE Dubai | energy M
Halmeshavn Kommune | NO Drammen | public M
Stadtwerke Eschental | DE Fulda | energy M
Comune di Rocca Serrana | IT Perugia | public S
Ville de Saint-Aubrac-les-Eaux | FR Clermont-Ferrand | public S
Gemeente Oosterdrecht | NL Dordrecht | public M
Wasserverband Obere Lauke | DE Bautzen | water M
Regionalspital Tannegg | CH Winterthur | hospitals M
Hospital de Santa Olalha | PT Braga | hospitals M
Kvarnby sjukhus | SE Uppsala | hospitals L
Powiat Zalesin Wodociągi | PL Lublin | water S
Město Dolní Javorec | CZ Olomouc | public S
Bellamere Estates | GB Canterbury | property S
Tidewell Harbour Company | GB Hull | ports M
Brasserie du Vieux Quai | BE Namur | food S
Käserei Alpwanne | CH St. Gallen | food S
Fromagerie des Trois Cols | FR Chambéry | food S
Olivares La Zarcilla | ES Córdoba | food S
Bodegas Peñaluz | ES Logroño | food M
Quinta do Vale Escuro | PT Vila Real | food S
Pastificio Montelieve | IT Parma | food M
Caseificio Pratobello | IT Modena | food S
Acque Vallefosca | IT Trento | water M
Cartiera Rioverdino | IT Lucca | paper M
Konserwy Lipniczanka | PL Bydgoszcz | food M
Huta Szkła Krystalin | PL Kielce | building M
Papírna Vrbička | CZ Liberec | paper S
Dunahűtő Logisztika | HU Budapest | logistics M
Apă Transvalea | RO Cluj-Napoca | water M
Elektrarna Soteska Gora | SI Kranj | energy S
Thermes du Lac d'Ivoire | FR Annecy | property S
Verrerie Sainte-Marthe | FR Reims | building M
Laiterie Morvenne | FR Rennes | food M
Imprimerie Coquelinot | BE Liège | paper S
De Zilte Mossel | NL Vlissingen | food S
Koelhuis Merwestroom | NL Dordrecht | logistics M
Kartonfabriek Eembrug | NL Amersfoort | paper M
Brouwerij De Drie Otters | NL Nijmegen | food S
Gärtnerei Sonnleiten | AT Graz | food S
Hufnagel & Rau Galvanik | DE Pforzheim | metals S
Brennholt Werkzeugbau | DE Bielefeld | machinery M
Druckhaus Elbmarsch | DE Lüneburg | paper S
Ziegelei Rotenstein | DE Landshut | building S
Molkerei Wiesengrund-Ahlen | DE Oldenburg | food M
Kühlhaus Nordkai | DE Bremerhaven | logistics M
Reederei Thormählen & Söhne | DE Bremen | ports M
Stiftung Haus Lerchenau | DE Freiburg | property S
Van Aerdenhout Family Trust | NL Haarlem | property S
Kirishima Valves Europe | DE Düsseldorf | machinery M
Oyelade Cold Hub | NG Lagos | logistics S
Deccan Loomworks | IN Coimbatore | textile M
Fundição Barro Claro | BR Joinville | metals M
Cedar Basin Utilities | US Boise | water M
Harborlantern Brewing | US Portland | food S
Maple Hollow Cheese | CA Guelph | food S
Lakmétal Atlas | MA Casablanca | metals S
Saaremere Kala | EE Pärnu | food S
Nemunas Baldai | LT Kaunas | machinery S
Kapetanaki Marine Supplies | GR Piraeus | ports S
Elaiones Messara | GR Heraklion | food S
"""
