import { quoteName } from "../text/quotedNames.ts";
import { createDiagnostic, type SourcePosition } from "./diagnostics.ts";
import type { DeviceCollector } from "./fleetFile.collector.ts";
import type { DeviceField, DeviceValues } from "./fleetFile.schema.ts";
import {
	IGNORED_WITH_NOTICE,
	type ObjectSchema,
	readStringValue,
	readValues,
	type SourceValue,
	type SourceValues,
} from "./objectSchema.ts";
import { describeNodeKind, type MappingNode, type ScalarNode, type SourceNode } from "./sourceNode.ts";

type RootField = "configVersion" | "authenticationMethod" | "edgeDevices";
type GatewayField = "deviceId" | "children";

/**
 * The file of `az iot edge devices create --cfg`, version 1.0 (azure-iot-cli-extension, `edge_device_config.py`). Settings
 * that the command applies to the devices themselves are ignored with a notice, not refused: the command needs them.
 */
const ROOT_SCHEMA: ObjectSchema<RootField> = {
	configVersion: { field: "configVersion" },
	iotHub: { properties: { authenticationMethod: { field: "authenticationMethod" } } },
	edgeDevices: { field: "edgeDevices" },
	edgeConfiguration: IGNORED_WITH_NOTICE,
	certificates: IGNORED_WITH_NOTICE,
};

const GATEWAY_SCHEMA: ObjectSchema<GatewayField> = {
	deviceId: { field: "deviceId" },
	children: { field: "children" },
	hostname: IGNORED_WITH_NOTICE,
	edgeAgent: IGNORED_WITH_NOTICE,
	deployment: IGNORED_WITH_NOTICE,
	containerAuth: IGNORED_WITH_NOTICE,
};

/** Whether the document is such a configuration. Neither property can be a device with that id, since a device is an object. */
export function isEdgeConfiguration(root: MappingNode): boolean {
	return root.members.some(
		({ name, value }) =>
			(name === "edgeDevices" && value.kind === "list") ||
			(name === "configVersion" && value.kind === "scalar" && value.value !== null),
	);
}

/** Adds the gateways of such a configuration, each with the gateway above it as its parent. */
export function readEdgeConfiguration(root: MappingNode, collector: DeviceCollector): void {
	const values = readValues(root, ROOT_SCHEMA, { findings: collector });
	const requireWord = (field: RootField, known: string, describeProblem: (given: string) => string) =>
		checkExpectedWord(values, field, { known, describeProblem, collector, root });
	requireWord("configVersion", "1.0", (given) => `is ${given}; only "1.0" is supported`);
	requireWord("authenticationMethod", "symmetricKey", (given) =>
		given === '"x509Certificate"'
			? `is ${given}, which is not supported: the command creates a certificate for each device, so the file contains none; use symmetricKey, or declare thumbprints in a file of devices`
			: `is ${given}; only "symmetricKey" is supported`,
	);
	const devices = values.get("edgeDevices");
	if (devices === undefined) reportAt(collector, root, "edgeDevices is missing");
	else new GatewayTreeReader(collector).readGateways(devices, undefined);
}

function checkExpectedWord(
	values: SourceValues<RootField>,
	field: RootField,
	{ known, describeProblem, collector, root }: ExpectedWord,
): void {
	const sourceValue = values.get(field);
	const text = sourceValue && readStringValue(sourceValue);
	if (sourceValue === undefined || text === undefined) reportAt(collector, root, `${field} is missing`);
	else if (typeof text !== "string") collector.addDiagnostic(text);
	else if (text !== known)
		reportAt(collector, sourceValue.value, `${sourceValue.name} ${describeProblem(quoteName(text))}`);
}

interface ExpectedWord {
	readonly known: string;
	readonly describeProblem: (given: string) => string;
	readonly collector: DeviceCollector;
	readonly root: MappingNode;
}

class GatewayTreeReader {
	readonly #collector: DeviceCollector;
	/** The members of the gateways read so far: a YAML alias may lead back to a gateway around it. */
	readonly #visited = new Set<unknown>();

	constructor(collector: DeviceCollector) {
		this.#collector = collector;
	}

	readGateways({ name, value }: SourceValue, parent: SourceValue | undefined): void {
		if (value.kind !== "list")
			reportAt(this.#collector, value, `${name} must be a list, got ${describeNodeKind(value)}`);
		else for (const item of value.items) this.#readItem(item, { name, parent });
	}

	#readItem(node: SourceNode, { name, parent }: { name: string; parent: SourceValue | undefined }): void {
		if (node.kind !== "map") {
			reportAt(
				this.#collector,
				node,
				`${name} must be a list of objects with deviceId, got ${describeNodeKind(node)}`,
			);
		} else if (this.#visited.has(node.members)) {
			reportAt(this.#collector, node, "the alias refers to a device that is already in the file");
		} else {
			this.#visited.add(node.members);
			this.#readGateway(node, parent);
		}
	}

	#readGateway(node: MappingNode, parent: SourceValue | undefined): void {
		const values = readValues(node, GATEWAY_SCHEMA, { findings: this.#collector });
		const deviceId = values.get("deviceId");
		this.#collector.addDevice(createGatewayValues(node, { deviceId, parent }), {
			line: node.line,
			column: node.column,
		});
		const children = values.get("children");
		if (children !== undefined) this.readGateways(children, deviceId);
	}
}

/** Returns the values of a gateway. Every device of such a configuration is a gateway and authenticates with keys. */
function createGatewayValues(
	{ line, column }: SourcePosition,
	{ deviceId, parent }: { deviceId: SourceValue | undefined; parent: SourceValue | undefined },
): DeviceValues {
	const createValue = (name: DeviceField, value: ScalarNode["value"]): [DeviceField, SourceValue] => [
		name,
		{ name, value: { kind: "scalar", value, line, column } },
	];
	const values: DeviceValues = new Map([createValue("iotEdge", true), createValue("type", "sas")]);
	if (deviceId !== undefined) values.set("deviceId", deviceId);
	if (parent !== undefined && typeof readStringValue(parent) === "string")
		values.set("parent", { ...parent, name: "parent" });
	return values;
}

function reportAt(collector: DeviceCollector, position: SourcePosition, text: string): void {
	collector.addDiagnostic(createDiagnostic(position, text));
}
