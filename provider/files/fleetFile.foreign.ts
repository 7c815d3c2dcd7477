import { isSameTitle } from "./csvHeader.ts";
import { findMember, type MappingNode } from "./sourceNode.ts";

/** What to export instead of a document that does not contain the identities of devices. */
const EXPORT_INSTEAD =
	"export the devices of the hub with `az iot hub device-identity list --output json` or a hub's export job (devices.txt)";

const EDGE_TEMPLATE_MESSAGE = `it is a configuration of iotedge_config_cli, which creates gateways and leaf devices itself; ${EXPORT_INSTEAD}, or write the gateways as for \`az iot edge devices create\``;

const CENTRAL_MESSAGE =
	"it is an export of IoT Central, whose devices belong to the hub of the application, which nobody else can manage; for devices of your own hub, " +
	`${EXPORT_INSTEAD}, or set columns: { "IOTC_DEVICEID": "deviceId" } to read the ids`;

const EXPLORER_MESSAGE = `it is a list of connections of Azure IoT Explorer, which contains no devices; ${EXPORT_INSTEAD}`;

const OLD_STATE_MESSAGE =
	"it is the state of a hub as an early version of the Azure CLI's extension saved it; save it again with a newer version, or " +
	EXPORT_INSTEAD;

const MACHINES_MESSAGE =
	"it is a list of Windows Autopilot machines; read it with readAutopilotCsv (plan: --autopilot)";

/** Returns what a document of another tool is and what to use instead; undefined for one that may contain devices. */
export function describeForeignDocument(root: MappingNode): string | undefined {
	const devices = findMember(root, "devices")?.value;
	if (hasMember(root, "config_version") && hasMember(root, "edgedevices")) return EDGE_TEMPLATE_MESSAGE;
	if (devices?.kind === "map" && findMember(devices, "identities")?.value.kind === "list")
		return OLD_STATE_MESSAGE;
	const connections = findMember(root, "connectionStrings") ?? findMember(root, "hubs");
	if (connections?.value.kind === "list") return EXPLORER_MESSAGE;
	return describeForeignDevice(root);
}

/** Returns what the device of another service is and what to use instead; undefined for one of a hub. */
export function describeForeignDevice(device: MappingNode): string | undefined {
	const isCentral =
		hasMember(device, "displayName") && (hasMember(device, "simulated") || hasMember(device, "provisioned"));
	if (isCentral) return CENTRAL_MESSAGE;
	return hasMember(device, "hardwareIdentifier") ? MACHINES_MESSAGE : undefined;
}

/** Returns what a CSV file with these columns is and what to use instead; undefined for one that may contain devices. */
export function describeForeignColumns(cells: readonly string[]): string | undefined {
	if (cells.some((cell) => /^\W*IOTC_/i.test(cell))) return CENTRAL_MESSAGE;
	return cells.some((cell) => isSameTitle(cell, "Hardware Hash")) ? MACHINES_MESSAGE : undefined;
}

function hasMember(node: MappingNode, name: string): boolean {
	return findMember(node, name) !== undefined;
}
