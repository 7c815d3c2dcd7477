import type { FleetAuthentication, FleetDevice } from "../sdk/deviceFleet.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { findSuggestion } from "../text/suggestions.ts";
import { type Diagnostic, quoteName, type SourcePosition } from "./diagnostics.ts";
import { DAMAGED_TEXT_MESSAGE, isDamaged } from "./fileText.ts";
import { type ParentReference, resolveParent } from "./fleetFile.parent.ts";
import type { DeviceField, DeviceValues } from "./fleetFile.schema.ts";
import type { SourceValue } from "./objectSchema.ts";
import { describeNodeKind } from "./sourceNode.ts";

/** A device as a file has it. */
export interface DeviceEntry extends SourcePosition {
	readonly id: string;
	readonly device: FleetDevice;
	readonly parent: ParentReference | undefined;
}

/** Where faults go. */
type ReportDiagnostic = (diagnostic: Diagnostic) => void;

/** What a file says of a device, value by value; it tells what can't be and leaves that out. */
export class DeviceReader {
	readonly #values: DeviceValues;
	readonly #report: ReportDiagnostic;

	constructor(facts: DeviceValues, fault: ReportDiagnostic) {
		this.#values = facts;
		this.#report = fault;
	}

	/** The device; undefined where it has no id. What the hub alone refuses is left to the resource. */
	readEntry(position: SourcePosition): DeviceEntry | undefined {
		const { line, column } = position;
		const id = this.readString("deviceId");
		if (id === "" || !this.#values.has("deviceId"))
			this.#report({ line, column, text: "deviceId is missing" });
		this.#checkImportMode();
		const status = this.#readWord("status", ["enabled", "disabled"]);
		const statusReason = this.readString("statusReason");
		const iotEdge = this.#readBoolean("iotEdge");
		const authentication = this.#readAuthentication();
		const parent = resolveParent(this.#values, { id, iotEdge }, this.#report);
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
	readString(fact: DeviceField): string | undefined {
		const sourceValue = this.#values.get(fact);
		if (sourceValue === undefined) return undefined;
		const text = readStringValue(sourceValue);
		if (typeof text === "string") return text;
		this.#report(text);
		return undefined;
	}

	#readAuthentication(): FleetAuthentication | undefined {
		const type = this.#readWord("type", ["sas", "selfSigned", "certificateAuthority"]);
		const symmetricKey = this.#readKeys();
		const x509Thumbprint = this.#readThumbprints();
		if (!type && !symmetricKey && !x509Thumbprint) return undefined;
		const authentication: FleetAuthentication = {};
		if (type !== undefined) authentication.type = type;
		if (symmetricKey !== undefined) authentication.symmetricKey = symmetricKey;
		if (x509Thumbprint !== undefined) authentication.x509Thumbprint = x509Thumbprint;
		return authentication;
	}

	#readKeys(): FleetAuthentication["symmetricKey"] {
		const primaryKey = this.readString("primaryKey");
		const secondaryKey = this.readString("secondaryKey");
		if (primaryKey !== undefined && secondaryKey !== undefined) return { primaryKey, secondaryKey };
		this.#requireOther("primaryKey", "secondaryKey", "give both keys, or neither and the hub makes them");
		this.#requireOther("secondaryKey", "primaryKey", "give both keys, or neither and the hub makes them");
		return undefined;
	}

	#readThumbprints(): FleetAuthentication["x509Thumbprint"] {
		const primaryThumbprint = this.readString("primaryThumbprint");
		const secondaryThumbprint = this.readString("secondaryThumbprint");
		this.#requireOther("secondaryThumbprint", "primaryThumbprint", "only the secondary one may be left out");
		if (primaryThumbprint === undefined) return undefined;
		return { primaryThumbprint, ...(secondaryThumbprint !== undefined && { secondaryThumbprint }) };
	}

	#requireOther(fact: DeviceField, other: DeviceField, remedy: string): void {
		const sourceValue = this.#values.get(fact);
		if (sourceValue !== undefined && !this.#values.has(other))
			this.#report(
				createDiagnosticAt(sourceValue, `${sourceValue.name} is there and ${other} is not; ${remedy}`),
			);
	}

	#readWord<Word extends string>(fact: DeviceField, words: readonly Word[]): Word | undefined {
		const text = this.readString(fact);
		const sourceValue = this.#values.get(fact);
		if (text === undefined || sourceValue === undefined) return undefined;
		const word = words.find((known) => known === text);
		if (word === undefined)
			this.#report(createDiagnosticAt(sourceValue, describeUnknownWord(sourceValue.name, text, words)));
		return word;
	}

	#readBoolean(fact: DeviceField): boolean | undefined {
		const sourceValue = this.#values.get(fact);
		const { value } = sourceValue ?? {};
		if (sourceValue === undefined || value === undefined) return undefined;
		if (value.kind === "scalar" && typeof value.value === "boolean") return value.value;
		this.#report(
			createDiagnosticAt(
				sourceValue,
				`${sourceValue.name} takes true or false, not ${describeNodeKind(value)}`,
			),
		);
		return undefined;
	}

	/** A list of jobs may ask for what no declaration can mean. */
	#checkImportMode(): void {
		const mode = this.readString("importMode");
		const sourceValue = this.#values.get("importMode");
		if (mode === undefined || sourceValue === undefined) return;
		if (/^(create|update|createOrUpdate)(IfMatchETag)?$/i.test(mode)) return;
		const text = `${sourceValue.name} is ${quoteName(mode)}; a fleet is the devices that are to be there, leave the others out`;
		this.#report(createDiagnosticAt(sourceValue, text));
	}
}

/** A fault at the value of a fact. */
function createDiagnosticAt({ value: { line, column } }: SourceValue, text: string): Diagnostic {
	return { line, column, text };
}

/** The text that a fact is, or why it is none. */
export function readStringValue(sourceValue: SourceValue): string | Diagnostic {
	const { name, value } = sourceValue;
	if (value.kind !== "scalar" || typeof value.value !== "string") {
		const remedy = value.kind === "scalar" ? "; put it in quotes" : "";
		return createDiagnosticAt(sourceValue, `${name} takes a text, not ${describeNodeKind(value)}${remedy}`);
	}
	return isDamaged(value.value)
		? createDiagnosticAt(sourceValue, `${name} ${DAMAGED_TEXT_MESSAGE}`)
		: value.value;
}

function describeUnknownWord(name: string, text: string, words: readonly string[]): string {
	const suggestion = findSuggestion(text, words);
	const knownWords = words.map((word) => `"${word}"`).join(" or ");
	const shownText =
		text.length > MAX_WORD_LENGTH ? `a text of ${text.length} characters` : toPrintableJson(text);
	const question = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
	return `${name} is ${shownText}, and takes ${knownWords}${question}`;
}

/** What is longer is none of the words, and may be a key. */
const MAX_WORD_LENGTH = "certificateAuthority".length;
