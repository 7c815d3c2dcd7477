/** What `device-identity adopt --help` prints. */
export const ADOPT_HELP = `Brings the devices of a hub, or the machines of a tenant, under Pulumi as they are. Writes a program that declares them and
the file by which \`pulumi import\` takes them into state; neither the hub nor the tenant is written to.

    device-identity adopt --hub HOST [--where CONDITION] [options]
    device-identity adopt --autopilot [--filter groupTag=TAG] [options]

    --hub HOST          the hub (default: the configured one)
    --where CONDITION   which devices, in the hub's query language: "tags.site = 'oslo'" (default: all)
    --query QUERY       the same as a whole: "SELECT * FROM devices WHERE …"
    --exact             reads each device's twin by itself; by default the hub's index tells, which lags behind by seconds or
                        minutes and goes on showing devices that are gone
    --format FORMAT     the file of a fleet of devices: csv (default, where that can hold them) or ndjson
    --autopilot         machines of Windows Autopilot
    --filter NAME=TEXT  which of them: groupTag=TAG, serialNumber=PART; may be repeated (default: all)
    --fleet             one DeviceFleet or AutopilotFleet, and a file of what is in it (default above 50)
    --resources         a DeviceIdentity or AutopilotIdentity for each (default up to 50)
    --name NAME         what the fleet is called in the program (default: fleet)
    --stack NAME        takes the settings from this stack's configuration (default: from the environment)
    --cwd DIR           with --stack, the project's folder (default: the current one)
    --config KEY=VALUE  a setting: iothub:connectionString=…; secrets belong in the environment or the stack
    --out DIR           where to write, best the folder of Pulumi.yaml (default: the current one)
    --force             overwrites files that are there
    --help              print this

It writes index.ts, import.json, and for a fleet devices.csv, devices.ndjson or machines.json. Then, in the folder of Pulumi.yaml:

    pulumi import --file import.json --protect=false --generate-code=false    # Pulumi 3.254 or later
    pulumi preview --diff                                                     # says that nothing changes

What is declared is what there is: status, the reason for it, the type of authentication with thumbprints, gateways and parents;
of machines serial number, group tag, user and names. What is undeclared stays as it is, keys above all: no key is read into a
file, so single devices are declared with storeCredentials: false. Leave that out later, and the next run takes their keys into
state, as secrets.

The permissions are those of the provider, and ServiceConnect, or the role IoT Hub Data Reader, for the query.
Exit code: 0 where everything was taken over, 1 where not; what was left out is said.
`;
