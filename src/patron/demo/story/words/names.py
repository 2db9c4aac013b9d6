"""First and last names by culture: women's and men's first names, last names.

A last name with a slash has a woman's form before it and a man's form after it.
"""

from dataclasses import dataclass

from . import rows


@dataclass(frozen=True, slots=True)
class Names:
    women: tuple[str, ...]
    men: tuple[str, ...]
    women_last: tuple[str, ...]
    men_last: tuple[str, ...]


_ROWS = """
de|Helena Katrin Anja Sabine Friederike Ulrike Jana Mareike Corinna Birgit Saskia Theresa Annegret Lea Svenja
  Franziska|Jonas Matthias Jürgen Torsten Björn Holger Lukas Stefan Günther Fabian Hendrik Rüdiger Kai Moritz Volker
  Sönke|Brandtner Kellermann Weißbach Obermüller Hübsch Lautenschläger Steinkamp Wiegandt Röhrig Pfefferkorn Dünnebier
  Kaltwasser Marquardsen Ziegenbalg Thalmann Ostermeier Bäumler Grotjahn Schönfelder Hagedorn Kröger Vollrath Tietze
  Eichinger
ch|Regula Vreni Chantal Nadja Flavia Ladina Monika Simone|Urs Reto Beat Gian Andri Luca Marcel Silvan|Aebischer
  Zgraggen Caflisch Bühlmann Rüegsegger Tschudin Bernasconi Imhof Ammann Cadruvi Lüthold Wyrsch
fr|Amélie Céline Aurélie Margaux Hélène Sandrine Clémence Solène Bérénice Nadège Inès Maud Églantine
  Véronique|Thibault Julien Étienne Benoît Gaël Olivier Mathieu Rémi Yannick Loïc Fabrice Aurélien Cédric
  Hugo|Delacourt Marchandeau Roussillon Fauvel Lemarquis Vasseur Guérinot Béranger Chastaing Poirier Montagnac
  Thévenot Aubrac Lacombe Desrosiers Kervella Perrichon Saulnier Bonnefoy Tourneur
it|Sofia Giorgia Valentina Elisabetta Martina Federica Ludovica Ilaria Serena Noemi Beatrice Alessia|Matteo Davide
  Lorenzo Giancarlo Emanuele Riccardo Stefano Nicolò Tommaso Alberto Fabio Ruggero|Marchetti Bellandini Trevisanello
  Ferrantelli Castagneri Moroni Pellizzari Zanardini Quaglia Santoriello Dalmasso Rinaldini Cavallera Bortoluzzi
  Fumagalli Ghirardello Leporati Vescovini
es|Marisol Nuria Lucía Inmaculada Beatriz Alba Rocío Pilar Carmen Itziar Ximena Paloma|Tomás Javier Iker Álvaro
  Rodrigo Ignacio Sergio Joaquín Rubén Íñigo Andrés Gonzalo|Quintanilla Arriaga Peñalver Ocaña Zubieta Cifuentes
  Barragán Montesinos Echeverri Salvatierra Bermúdez Carrasco Villanueva Olmedo Ibáñez Sepúlveda Larrañaga Fuentes
pt|Inês Catarina Beatriz Mafalda Joana Leonor Rita Teresa|Rafael Duarte Gonçalo João Tiago Nuno Afonso
  Vasco|Vasconcelos Figueira Carvalhal Meireles Bragança Sequeira Pimentel Quaresma Lousada Travassos Valadares
  Cordeiro
nl|Anneke Marloes Femke Sanne Lieke Griet Annelies Tess Hilde Roos|Joost Bram Sjoerd Pieter Wouter Thijs Ruben Koen
  Maarten Dirk|van_der_Veldt Hoogendijk de_Wael Verbruggen Kuipers Vandersteene van_Oosterom Schellekens Bogaerts
  ten_Brinke Dijkgraaf Claessens van_Rooyen Terpstra Wouters Zandstra
en|Amira Charlotte Bethany Rosalind Imogen Harriet Philippa Naomi Georgina Claire Shanice Eleanor|Gareth Alistair Rhys
  Desmond Oliver Callum Nathaniel Graham Tobias Duncan Marcus Edwin|Pemberton Ashworthy Thackeray Hollingdale
  Winterbourne Cresswell Haddad Blakemore Prendergast Ramsbottom Okonjo Fairclough Whitcombe Sutherby Penhaligon
  Llewellyn Marlowe Chaudhry
ie|Aoife Niamh Sinéad Gráinne Orla Caoimhe|Cormac Declan Fionn Eoin Padraig Tadhg|Ó_Faoláin Gallagher Mac_Giolla
  Brannigan Tierney Hanrahan Devane Kilbride Scanlan O'Dwyer
sv|Linnéa Astrid Elsa Maj Ylva Ebba Kerstin Tuva|Lars Henrik Gustav Axel Nils Mikael Sixten Rasmus|Lindqvarn Åkerstam
  Söderholm Björklind Hedenstierna Wallmark Nordgård Ekelöv Sjöstrand Rosenlund Kvist Fagerholt
da|Mette Signe Kirstine Freja Birgitte Sofie|Søren Jeppe Mads Anders Rasmus Troels|Bjerregård Lauritsen Kjærsgaard
  Østerby Møllenberg Holmskov Ravnkilde Thygesen Dalsgård
no|Ingrid Solveig Silje Marit Ragnhild Tiril|Øyvind Håkon Sigurd Torbjørn Eirik Leif|Haugstad Solbakken Nygård
  Fjellheim Tveiten Bråthen Skogvik Aasen Kvamme Ødegård
fi|Aino Päivi Marjatta Katri Sanna Eeva|Juhani Pekka Mikko Antti Ville Tuomas|Lehtovaara Mäkiranta Koskelainen
  Niemistö Hirvelä Pohjola Räsänen Kytömäki Salonpää
pl|Agnieszka Małgorzata Katarzyna Bożena Zuzanna Iwona Justyna Dorota|Paweł Łukasz Krzysztof Zbigniew Tomasz Mateusz
  Wojciech Rafał|Zielonkowska/Zielonkowski Brzezicka/Brzezicki Wrońska/Wroński Jabłonowska/Jabłonowski Gajda/Gajda
  Śliwińska/Śliwiński Mrozek/Mrozek Pietrzyk/Pietrzyk Kołodziejska/Kołodziejski Domagała/Domagała Wilczak/Wilczak
cs|Zdeňka Ludmila Markéta Tereza Ivana Šárka Veronika|Ondřej Jiří Zdeněk Vojtěch Radek Miloš Štěpán|Vaňková/Vaněk
  Hrubešová/Hrubeš Kovaříková/Kovařík Šimůnková/Šimůnek Dvořáčková/Dvořáček Benešíková/Benešík Poláčková/Poláček
  Řezníčková/Řezníček Hlaváčová/Hlaváč
hu|Zsófia Ágnes Katalin Réka Boglárka Ildikó|Zoltán Gergő Balázs László Ádám Csaba|Halmosi Szentirmai Kőszegi Bodnár
  Vörösházi Sipos Kertész Gyarmati Oláhné_Rácz
ro|Ioana Mihaela Ruxandra Anca Simona|Radu Bogdan Ștefan Cristian Vlad|Munteanu Dobrescu Ciobotaru Vlădescu Păunescu
  Ardeleanu Țurcanu
sl|Maja Tjaša Nives Katja Petra|Matej Gregor Tomislav Davor Boštjan|Kovačič Zupančič Horvatić Babić Vidmar Perković
  Krajnc Žagar
et|Kadri Liis Maarja Triin|Tanel Margus Rein Indrek|Tammsaar Kallaste Põldmaa Saarniit Rebane
lt|Rūta Ieva Aistė Līga Dace|Mindaugas Jonas Darius Jānis Andris|Petrauskas Kazlauskis Butkevičius Ozoliņš Bērziņš
  Vaitkus
el|Eleni Katerina Dimitra|Nikos Yannis Stavros|Kapetanaki/Kapetanakis Papadaki/Papadakis Vlachou/Vlachos Sarri/Sarris
tr|Elif Zeynep Ayşe Defne Selin|Emre Murat Kerem Can Ozan|Gökçe Karaçay Şahinoğlu Demirel Özkan Çelikay Aydoğdu
ar|Amira Leïla Salma Noor Hanan|Karim Youssef Rachid Omar Faisal|Haddad Benhaddou El_Mansouri Al_Farsi Bouzidi
  Al_Hashmi Chraïbi
za|Thandiwe Annelie Naledi Lindiwe Meme|Sipho Johannes Pieter Tangeni Kagiso|Mokoena Shikongo Nangolo van_der_Merwe
  Dlamini Haimbodi Bezuidenhout
ng|Chioma Folake Adaeze Yewande|Chidi Tunde Emeka Segun|Oyelade Adeyinka Nwachukwu Balogun Eze Okoroafor
in|Priya Lakshmi Anjali Meera Kavitha Divya|Arjun Suresh Ramesh Karthik Vikram Nikhil|Nair Subramanian Deshpande Iyer
  Raghavan Banerjee Kulkarni
jp|Ayumi Yuko Haruka|Kenji Takashi Hiroto|Nakahara Kirishima Morioka Tanabe
"""


def _names(row: str) -> tuple[str, Names]:
    culture, women, men, last = row.split("|")
    surnames = [name.replace("_", " ").split("/") for name in last.split()]
    return culture, Names(
        women=tuple(women.split()),
        men=tuple(men.split()),
        women_last=tuple(name[0] for name in surnames),
        men_last=tuple(name[-1] for name in surnames),
    )


NAMES = dict(map(_names, rows(_ROWS)))
CULTURES = tuple(NAMES)
