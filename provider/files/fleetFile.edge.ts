import { type Place, quoted } from "./fileFault.ts";
import { textIn } from "./fleetFile.device.ts";
import type { DeviceFact, DeviceFacts } from "./fleetFile.facts.ts";
import type { Roll } from "./fleetFile.roll.ts";
import { kindOf, type Located, type Mapping, type Scalar } from "./located.ts";
import { type Facts, factsIn, type Said, type Shape, TOLD } from "./shape.ts";

type RootFact = "configVersion" | "authenticationMethod" | "edgeDevices";
type NodeFact = "deviceId" | "children";

/**
 * The file of `az iot edge devices create --cfg`, version 1.0 (azure-iot-cli-extension, `edge_device_config.py`). What the
 * command puts on the devices themselves is passed over and told, not refused: it needs these there itself.
 */
const ROOT: Shape<RootFact> = {
	configVersion: { fact: "configVersion" },
	iotHub: { within: { authenticationMethod: { fact: "authenticationMethod" } } },
	edgeDevices: { fact: "edgeDevices" },
	edgeConfiguration: TOLD,
	certificates: TOLD,
};

const NODE: Shape<NodeFact> = {
	deviceId: { fact: "deviceId" },
	children: { fact: "children" },
	hostname: TOLD,
	edgeAgent: TOLD,
	deployment: TOLD,
	containerAuth: TOLD,
};

/** Whether a text is such a file. A device is an object, so that none of these can be one of that id. */
export function isEdgeConfiguration(root: Mapping): boolean {
	return root.members.some(
		({ name, value }) =>
			(name === "edgeDevices" && value.kind === "list") ||
			(name === "configVersion" && value.kind === "scalar" && value.value !== null),
	);
}

/** Reads such a file: gateways, each the parent of those that stand below it. */
export function readEdgeConfiguration(root: Mapping, roll: Roll): void {
	const facts = factsIn(root, ROOT, { findings: roll });
	const is = (fact: RootFact, known: string, otherwise: (given: string) => string) =>
		checkWord(facts, fact, { known, otherwise, roll, root });
	is("configVersion", "1.0", (given) => `is ${given}; "1.0" is what is known`);
	is("authenticationMethod", "symmetricKey", (given) =>
		given === '"x509Certificate"'
			? `is ${given}: the command makes a certificate for each device, so that the file has none; take symmetricKey, or declare thumbprints in a file of devices`
			: `is ${given}, and takes "symmetricKey"`,
	);
	const devices = facts.get("edgeDevices");
	if (devices === undefined) tell(roll, root, "edgeDevices is missing");
	else new Nest(roll).read(devices, undefined);
}

function checkWord(facts: Facts<RootFact>, fact: RootFact, { known, otherwise, roll, root }: Expected): void {
	const said = facts.get(fact);
	const text = said && textIn(said);
	if (said === undefined || text === undefined) tell(roll, root, `${fact} is missing`);
	else if (typeof text !== "string") roll.fault(text);
	else if (text !== known) tell(roll, said.value, `${said.name} ${otherwise(quoted(text))}`);
}

interface Expected {
	readonly known: string;
	readonly otherwise: (given: string) => string;
	readonly roll: Roll;
	readonly root: Mapping;
}

class Nest {
	readonly #roll: Roll;
	/** Aliases may lead back to what stands around them. */
	readonly #read = new Set<unknown>();

	constructor(roll: Roll) {
		this.#roll = roll;
	}

	read({ name, value }: Said, parent: Said | undefined): void {
		if (value.kind !== "list") tell(this.#roll, value, `${name} takes a list, not ${kindOf(value)}`);
		else for (const item of value.items) this.#item(item, { name, parent });
	}

	#item(node: Located, { name, parent }: { name: string; parent: Said | undefined }): void {
		if (node.kind !== "map") {
			tell(this.#roll, node, `is ${kindOf(node)}; ${name} is a list of objects with deviceId`);
		} else if (this.#read.has(node.members)) {
			tell(this.#roll, node, "is an alias for a device that stands in the file already");
		} else {
			this.#read.add(node.members);
			this.#gateway(node, parent);
		}
	}

	#gateway(node: Mapping, parent: Said | undefined): void {
		const facts = factsIn(node, NODE, { findings: this.#roll });
		const deviceId = facts.get("deviceId");
		this.#roll.enter(gatewayFacts(node, { deviceId, parent }), { line: node.line, column: node.column });
		const children = facts.get("children");
		if (children !== undefined) this.read(children, deviceId);
	}
}

/** Every device of such a file is a gateway, and signs in with keys. */
function gatewayFacts(
	{ line, column }: Place,
	{ deviceId, parent }: { deviceId: Said | undefined; parent: Said | undefined },
): DeviceFacts {
	const fact = (name: DeviceFact, value: Scalar["value"]): [DeviceFact, Said] => [
		name,
		{ name, value: { kind: "scalar", value, line, column } },
	];
	const facts: DeviceFacts = new Map([fact("iotEdge", true), fact("type", "sas")]);
	if (deviceId !== undefined) facts.set("deviceId", deviceId);
	if (parent !== undefined && typeof textIn(parent) === "string")
		facts.set("parent", { ...parent, name: "parent" });
	return facts;
}

function tell(roll: Roll, { line, column }: Place, text: string): void {
	roll.fault({ line, column, text });
}
