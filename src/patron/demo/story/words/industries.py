"""What our customers' industries are about: what they run, what one asks us to watch, and who works there."""

from dataclasses import dataclass

from . import rows


@dataclass(frozen=True, slots=True)
class Industry:
    key: str
    name: str
    subjects: tuple[str, ...]  # "Pumping station", heads of deal names
    assets: tuple[str, ...]  # "lift pumps", as one speaks of them
    sites: tuple[str, ...]  # what a place of theirs is called
    titles: tuple[str, ...]  # jobs beside those that exist everywhere
    needs: tuple[str, ...]  # "know about burst mains before the customers do": completes "We want to ..."


_ROWS = """
water|Water and wastewater|Pumping station,Reservoir,Borehole,Pressure zone,Lift station,District meter
  |lift pumps,boreholes,pressure zones,clarifier drives,blowers,pressure loggers|waterworks,treatment plant,depot
  |Network Manager,Head of Treatment,Telemetry Engineer,Leakage Manager
  |know about burst mains before the customers do,stop driving out to read levels,get below the leakage target
food|Food and beverage|Cold room,Filling line,CIP station,Packing line,Compressor room,Boiler house
  |cold rooms,filling lines,ammonia compressors,conveyors,boilers,vacuum pumps|plant,packing hall,cold store
  |Head of Quality,Plant Engineer,Refrigeration Lead,Production Manager
  |have the temperature record ready when the auditor asks,lose fewer batches at night,stop writing logs by hand
chemicals|Chemicals|Reactor hall,Tank farm,Feed pump,Agitator,Solvent recovery,Cooling circuit
  |agitators,feed pumps,tank levels,vacuum pumps,steam traps,cooling towers|site,unit,tank farm
  |Site Manager,Process Safety Engineer,Head of Maintenance,Instrumentation Lead
  |watch the agitators in the ATEX zone,replace the old level gauges,cut unplanned stops in unit 3
paper|Pulp and paper|Dryer section,Refiner,Stock pump,Press section,Winder,Effluent plant
  |dryer cylinders,stock pumps,vacuum rolls,refiners,felt rolls,hydraulics|mill,board machine,finishing hall
  |Mill Manager,Reliability Engineer,Head of Energy,Shift Leader
  |see bearing damage weeks ahead,find the compressed air we lose,have one picture of both machines
metals|Metals and mining|Exhaust fan,Conveyor,Furnace cooling,Hydraulic station,Gearbox,Descaling pump
  |exhaust fans,gearboxes,conveyor drives,hydraulic pumps,cranes,furnace coolers|works,hall,plant
  |Works Manager,Head of Reliability,Mechanical Engineer,Energy Manager
  |stop losing gearboxes without warning,monitor fans that nobody can reach safely,plan the shutdowns by condition
energy|Energy|Substation,Transformer,Control cabinet,Cooling circuit,Switchgear,Auxiliary pump
  |transformers,substations,cooling pumps,switchgear cells,control cabinets,auxiliary drives|station,control room,depot
  |Asset Manager,Head of Grid Operations,Control Room Lead,Operations Engineer
  |see the secondary substations at last,know of a warm transformer before it trips,get data without another control
  system
hospitals|Hospitals|Medical cold storage,Air handling,Sterilisation,Laboratory freezer,Emergency power,Oxygen supply
  |laboratory freezers,air handling units,blood fridges,sterilisers,chillers,emergency generators
  |hospital,laboratory,technical centre|Technical Director,Head of Medical Technology,Pharmacy Manager,Facility Lead
  |prove the cold chain of the pharmacy,get alarms to whoever is on duty,retire the paper charts on the fridges
logistics|Logistics and cold chain|Cold store,Reefer yard,Loading dock,Freezer hall,Cross-dock,Sorting hall
  |freezer halls,dock doors,evaporators,reefers,sorter drives,battery chargers|cold store,terminal,warehouse
  |Warehouse Manager,Head of Fleet,Cold Chain Manager,Site Supervisor
  |show every customer their own temperature record,see the doors that stay open,save energy in the freezer halls
ports|Ports and shipping|Quay crane,Reefer rack,Ferry engine room,Bunker station,Lock gate,Dry dock
  |quay cranes,reefer racks,hoist gearboxes,ballast pumps,thrusters,shore power units|terminal,yard,dock
  |Technical Superintendent,Terminal Manager,Crane Engineer,Fleet Manager
  |watch the crane gearboxes without climbing up,plug fewer people into reefer checks,know the engine hours of the
  fleet
textile|Textile|Dyehouse,Spinning frame,Compressed air,Stenter,Humidification,Boiler house
  |spinning frames,stenters,dyeing machines,air compressors,boilers,humidifiers|mill,dyehouse,finishing plant
  |Factory Manager,Utility Engineer,Head of Dyeing,Technical Manager
  |cut the compressed air bill,keep the humidity steady in the spinning hall,measure water per kilo of cloth
building|Building materials|Kiln,Crusher,Furnace,Raw mill,Press line,Dust filter
  |kiln fans,crushers,furnace blowers,silos,hydraulic presses,dust filters|plant,kiln line,quarry
  |Plant Manager,Kiln Engineer,Head of Technology,Maintenance Planner
  |see the silo levels from the dispatch office,avoid another kiln stop like last winter,watch the furnace cooling
property|Property and facilities|Heating plant,Legionella,Lift and ventilation,Boiler room,Water riser,Chiller
  |boiler rooms,hot water risers,lifts,chillers,ventilation units,heat pumps|estate,building,portfolio
  |Head of Facility Services,Technical Property Manager,Energy Officer,Estate Manager
  |automate the hot water temperature checks,bill heat by actual use,hear of a failed boiler before the tenants call
automotive|Automotive suppliers|Press shop,Paint line,Machining cell,Foundry,Test bench,Coolant system
  |presses,spindles,paint line fans,coolant pumps,robots,die casting cells|plant,press shop,machining hall
  |Head of Production,Maintenance Manager,Industrial Engineer,Plant Controller
  |catch spindle damage before scrap,feed press data into our own system,meet the customer's uptime target
pharma|Pharmaceuticals|Clean room,Lyophiliser,Stability chamber,Purified water,Cold storage,Bioreactor
  |clean rooms,stability chambers,lyophilisers,water loops,cold rooms,air handling units|site,filling suite,warehouse
  |Head of Engineering,Quality Assurance Manager,Validation Lead,Utilities Manager
  |replace loggers that are out of validation,have one qualified system on all sites,get alarms with an audit trail
machinery|Machinery|Machine park,Compressed air,Test field,Spindle,Hardening shop,Coolant system
  |machining centres,compressors,test benches,hardening ovens,spindles,extraction units|works,hall,workshop
  |Production Manager,Service Manager,Head of Development,Workshop Lead
  |offer condition monitoring to our own customers,find the true machine hours,save on compressed air
public|Municipal services|Sewage lift,Swimming pool,Street drainage,Fire station,School heating,Waterworks
  |sewage lifts,pool pumps,rain basins,school boilers,drainage pumps,snow melting loops|works yard,waterworks,depot
  |Head of Technical Services,Town Engineer,Waterworks Master,Procurement Officer
  |replace the phone chain on stand-by duty,report overflow hours,heat the schools only when in use
"""


def _industry(row: str) -> Industry:
    key, name, *lists = row.split("|")
    return Industry(key, name, *(tuple(part.strip().split(",")) for part in lists))


INDUSTRIES = {industry.key: industry for industry in map(_industry, rows(_ROWS))}

#: Jobs that exist in every company, by what their holders mostly are to us.
DECISION_TITLES = (
    "Managing Director",
    "Head of Operations",
    "Chief Operating Officer",
    "Technical Director",
    "Head of Procurement",
    "Chief Financial Officer",
    "Operations Director",
)
TECHNICAL_TITLES = (
    "Maintenance Manager",
    "Automation Engineer",
    "Instrumentation Technician",
    "IT Manager",
    "OT Security Officer",
    "Project Engineer",
    "Electrical Engineer",
    "Energy Manager",
)
BILLING_TITLES = (
    "Accounts Payable",
    "Financial Controller",
    "Purchasing Assistant",
    "Head of Finance",
    "Procurement Lead",
    "Office Manager",
)
ALONE_TITLES = (
    "Independent Consultant",
    "Planning Engineer",
    "Energy Adviser",
    "Trade Journalist",
    "University Lecturer",
    "Auditor",
    "Expert Witness for Refrigeration",
)
