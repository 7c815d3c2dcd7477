import type { FleetAuthentication, FleetDevice } from "../deviceFleet.ts";
import { printableJson } from "../http/printable.ts";
import { type FileFault, type Place, quoted } from "./fileFault.ts";
import { DAMAGED, isDamaged } from "./fileText.ts";
import type { DeviceFact, DeviceFacts } from "./fleetFile.facts.ts";
import { type Parent, parentIn } from "./fleetFile.parent.ts";
import { kindOf } from "./located.ts";
import { edits, meantBy } from "./misspelling.ts";
import type { Said } from "./shape.ts";

/** A device as a file has it. */
export interface Entry extends Place {
	readonly id: string;
	readonly device: FleetDevice;
	readonly parent: Parent | undefined;
}

/** Where faults go. */
type Fault = (fault: FileFault) => void;

/** What a file says of a device, value by value; it tells what can't be and leaves that out. */
export class DeviceReader {
	readonly #facts: DeviceFacts;
	readonly #fault: Fault;

	constructor(facts: DeviceFacts, fault: Fault) {
		this.#facts = facts;
		this.#fault = fault;
	}

	/** The device; undefined where it has no id. What the hub alone refuses is left to the resource. */
	entry(place: Place): Entry | undefined {
		const { line, column } = place;
		const id = this.text("deviceId");
		if (id === "" || !this.#facts.has("deviceId")) this.#fault({ line, column, text: "deviceId is missing" });
		this.#mode();
		const status = this.#word("status", ["enabled", "disabled"]);
		const statusReason = this.text("statusReason");
		const iotEdge = this.#truth("iotEdge");
		const authentication = this.#authentication();
		const parent = parentIn(this.#facts, { id, iotEdge }, this.#fault);
		// Built up by hand: of a hundred thousand devices, copies on the way cost more than the devices.
		const device: FleetDevice = {};
		if (status !== undefined) device.status = status;
		if (statusReason !== undefined) device.statusReason = statusReason;
		if (authentication !== undefined) device.authentication = authentication;
		if (iotEdge !== undefined) device.capabilities = { iotEdge };
		if (parent !== undefined) device.parent = parent.id;
		return id ? { line, column, id, device, parent } : undefined;
	}

	/** A fact that is a text. */
	text(fact: DeviceFact): string | undefined {
		const said = this.#facts.get(fact);
		if (said === undefined) return undefined;
		const text = textIn(said);
		if (typeof text === "string") return text;
		this.#fault(text);
		return undefined;
	}

	#authentication(): FleetAuthentication | undefined {
		const type = this.#word("type", ["sas", "selfSigned", "certificateAuthority"]);
		const symmetricKey = this.#keys();
		const x509Thumbprint = this.#thumbprints();
		if (!type && !symmetricKey && !x509Thumbprint) return undefined;
		const authentication: FleetAuthentication = {};
		if (type !== undefined) authentication.type = type;
		if (symmetricKey !== undefined) authentication.symmetricKey = symmetricKey;
		if (x509Thumbprint !== undefined) authentication.x509Thumbprint = x509Thumbprint;
		return authentication;
	}

	#keys(): FleetAuthentication["symmetricKey"] {
		const primaryKey = this.text("primaryKey");
		const secondaryKey = this.text("secondaryKey");
		if (primaryKey !== undefined && secondaryKey !== undefined) return { primaryKey, secondaryKey };
		this.#alone("primaryKey", "secondaryKey", "give both keys, or neither and the hub makes them");
		this.#alone("secondaryKey", "primaryKey", "give both keys, or neither and the hub makes them");
		return undefined;
	}

	#thumbprints(): FleetAuthentication["x509Thumbprint"] {
		const primaryThumbprint = this.text("primaryThumbprint");
		const secondaryThumbprint = this.text("secondaryThumbprint");
		this.#alone("secondaryThumbprint", "primaryThumbprint", "only the secondary one may be left out");
		if (primaryThumbprint === undefined) return undefined;
		return { primaryThumbprint, ...(secondaryThumbprint !== undefined && { secondaryThumbprint }) };
	}

	#alone(fact: DeviceFact, other: DeviceFact, remedy: string): void {
		const said = this.#facts.get(fact);
		if (said !== undefined && !this.#facts.has(other))
			this.#fault(at(said, `${said.name} is there and ${other} is not; ${remedy}`));
	}

	#word<Word extends string>(fact: DeviceFact, words: readonly Word[]): Word | undefined {
		const text = this.text(fact);
		const said = this.#facts.get(fact);
		if (text === undefined || said === undefined) return undefined;
		const word = words.find((known) => known === text);
		if (word === undefined) this.#fault(at(said, strange(said.name, text, words)));
		return word;
	}

	#truth(fact: DeviceFact): boolean | undefined {
		const said = this.#facts.get(fact);
		const { value } = said ?? {};
		if (said === undefined || value === undefined) return undefined;
		if (value.kind === "scalar" && typeof value.value === "boolean") return value.value;
		this.#fault(at(said, `${said.name} takes true or false, not ${kindOf(value)}`));
		return undefined;
	}

	/** A list of jobs may ask for what no declaration can mean. */
	#mode(): void {
		const mode = this.text("importMode");
		const said = this.#facts.get("importMode");
		if (mode === undefined || said === undefined) return;
		if (/^(create|update|createOrUpdate)(IfMatchETag)?$/i.test(mode)) return;
		const text = `${said.name} is ${quoted(mode)}; a fleet is the devices that are to be there, leave the others out`;
		this.#fault(at(said, text));
	}
}

/** A fault at the value of a fact. */
function at({ value: { line, column } }: Said, text: string): FileFault {
	return { line, column, text };
}

/** The text that a fact is, or why it is none. */
export function textIn(said: Said): string | FileFault {
	const { name, value } = said;
	if (value.kind !== "scalar" || typeof value.value !== "string") {
		const remedy = value.kind === "scalar" ? "; put it in quotes" : "";
		return at(said, `${name} takes a text, not ${kindOf(value)}${remedy}`);
	}
	return isDamaged(value.value) ? at(said, `${name} ${DAMAGED}`) : value.value;
}

function strange(name: string, text: string, words: readonly string[]): string {
	const meant = meantBy(text.toLowerCase(), words, (given, word) => edits(given, word.toLowerCase()));
	const known = words.map((word) => `"${word}"`).join(" or ");
	const given = text.length > LONGEST_WORD ? `a text of ${text.length} characters` : printableJson(text);
	const question = meant === undefined ? "" : `; did you mean "${meant}"?`;
	return `${name} is ${given}, and takes ${known}${question}`;
}

/** What is longer is none of the words, and may be a key. */
const LONGEST_WORD = "certificateAuthority".length;
