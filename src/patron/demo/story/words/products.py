"""The catalogue: product lines and products, in euro."""

LINES = """
condition|Machine condition|Vibration, current and ultrasound on rotating machines
flow|Flow and level|Clamp-on flow, tank level, pressure and leaks
climate|Cold chain and climate|Temperature, humidity and doors where it must stay cold
network|Gateways and network|From the sensor to the cloud, by radio or fieldbus
cloud|Cloud software|Larkfield Monitor and what builds on it
service|Services|Survey, installation, training, calibration, support
"""

#: SKU | line | name | unit | cost | price | frequency | short name as people say it | description
PRODUCTS = """
VB-100|condition|Vibration sensor, wired|piece|58|149|one_off|wired vibration sensors|IEPE, M8 stud, 5 m cable
VB-200|condition|Vibration sensor, wireless|piece|96|249|one_off|wireless vibration sensors|Battery lasts 5 years at
  one reading an hour
VB-300|condition|Triaxial vibration sensor, ATEX zone 1|piece|188|489|one_off|ATEX vibration sensors|For agitators,
  fans and pumps in explosive atmospheres
TQ-110|condition|Motor current clamp|piece|31|89|one_off|current clamps|Split core, up to 400 A
AC-150|condition|Ultrasonic bearing sensor|piece|142|389|one_off|ultrasonic sensors|Hears dry bearings and compressed
  air leaks
FL-210|flow|Clamp-on flow meter DN 50 to 150|piece|640|1490|one_off|small flow meters|No cut into the pipe, 1 % of
  reading
FL-220|flow|Clamp-on flow meter DN 200 to 600|piece|910|2150|one_off|large flow meters|With thickness gauge and
  mounting rail
LV-120|flow|Radar level sensor, 80 GHz|piece|265|690|one_off|radar level sensors|Tanks, sumps and silos to 30 m
PR-090|flow|Pressure transmitter 0 to 16 bar|piece|74|185|one_off|pressure transmitters|Stainless steel, drinking
  water approval
LK-300|flow|Acoustic leak logger|piece|168|420|one_off|leak loggers|Sits on the hydrant, listens from 2 to 4 at night
TH-050|climate|Temperature and humidity logger|piece|19|59|one_off|climate loggers|Calibrated at three points
TH-060|climate|Freezer probe to -90 °C|piece|42|119|one_off|freezer probes|Pt1000 with certificate
DR-020|climate|Door contact, wireless|piece|14|39|one_off|door contacts|Counts and times every opening
CO-080|climate|Refrigerant leak detector|piece|110|289|one_off|refrigerant detectors|CO2, ammonia and HFC heads
GW-400|network|Gateway 4G|piece|210|590|one_off|4G gateways|32 sensors, battery for four hours
GW-410|network|Gateway 4G and LoRaWAN|piece|285|790|one_off|LoRaWAN gateways|300 sensors, outdoor housing
GW-450|network|Gateway DIN rail, Modbus and Profinet|piece|320|890|one_off|DIN rail gateways|Reads what the control
  system already knows
RP-100|network|LoRaWAN repeater|piece|64|175|one_off|repeaters|For cellars and lift shafts
GW-300|network|Gateway 3G|piece|180|490|one_off|3G gateways|Sold until the networks were switched off
SIM-EU|network|Data SIM Europe|piece|1.10|3.20|monthly|data SIMs|All networks of 34 countries
SW-MON|cloud|Larkfield Monitor|device|0.45|3.90|monthly|Monitor|Live values, limits, alarms by app, text and call
SW-PRO|cloud|Larkfield Monitor Pro|device|0.70|6.50|monthly|Monitor Pro|With spectra, trends and shift calendar
SW-LEAK|cloud|Leak Alerts|site|4.00|29.00|monthly|Leak Alerts|Night flow and pressure analytics for water networks
SW-PRD|cloud|Predict|machine|2.10|14.00|monthly|Predict|Remaining life of bearings and gearboxes
SW-CMP|cloud|Compliance reports|site|18|150|quarterly|compliance reports|HACCP, GxP and legionella records, signed
SW-API|cloud|Data interface|contract|240|2400|annual|the data interface|REST, MQTT and the SCADA bridge
SV-SUR|service|Site survey|day|620|1150|one_off|the site survey|Radio, power and mounting, with report
SV-INS|service|Installation and commissioning|day|560|1080|one_off|installation|By our own fitters
SV-ENG|service|Integration engineering|hour|62|135|one_off|integration work|SCADA, ERP and CMMS connections
SV-TRN|service|Operator training|day|480|980|one_off|operator training|Up to twelve people, on site
SV-CAL|service|Annual calibration|sensor|14|36|annual|calibration|Accredited, on site or in exchange
SV-SIL|service|Support Silver|contract|210|900|quarterly|Support Silver|Working hours, answer within four
SV-GLD|service|Support Gold|contract|420|1800|quarterly|Support Gold|Round the clock, answer within one hour, spare
  gateway
"""

SERVICE_LINES = ("cloud", "service")
SERVICE_SKUS = ("SIM-EU",)
RETIRED_SKUS = ("GW-300",)
