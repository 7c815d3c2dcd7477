import { AUTHENTICATION_TYPES, DEVICE_STATUSES, KEY_PAIR_REMEDY } from "../keys/authentication.ts";
import type { FleetAuthentication, FleetDevice } from "../sdk/deviceFleet.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { findSuggestion } from "../text/suggestions.ts";
import { createDiagnostic, type Diagnostic, quoteName, type SourcePosition } from "./diagnostics.ts";
import { DAMAGED_TEXT_MESSAGE, isDamaged } from "./fileText.ts";
import { type ParentReference, resolveParent } from "./fleetFile.parent.ts";
import type { DeviceField, DeviceValues } from "./fleetFile.schema.ts";
import type { SourceValue } from "./objectSchema.ts";
import { describeNodeKind } from "./sourceNode.ts";

/** A device in a file, at the position of its declaration. */
export interface DeviceEntry extends SourcePosition {
	readonly id: string;
	readonly device: FleetDevice;
	readonly parent: ParentReference | undefined;
}

/** Receives the problems of a device. */
type ReportDiagnostic = (diagnostic: Diagnostic) => void;

/** Reads a device from its values in a file. An invalid value is reported and left out. */
export class DeviceReader {
	readonly #values: DeviceValues;
	readonly #report: ReportDiagnostic;

	constructor(values: DeviceValues, report: ReportDiagnostic) {
		this.#values = values;
		this.#report = report;
	}

	/**
	 * Returns the device; undefined if it has no id. Rules of the hub, such as the characters of an id, are left to the
	 * resource.
	 */
	readEntry({ line, column }: SourcePosition): DeviceEntry | undefined {
		const id = this.readString("deviceId");
		if (id === "" || !this.#values.has("deviceId"))
			this.#report(createDiagnostic({ line, column }, "deviceId is missing"));
		this.#checkImportMode();
		const status = this.#readWord("status", DEVICE_STATUSES);
		const statusReason = this.readString("statusReason");
		const iotEdge = this.#readBoolean("iotEdge");
		const authentication = this.#readAuthentication();
		const parent = resolveParent(this.#values, { id, iotEdge }, this.#report);
		// Assigned one by one: for a hundred thousand devices, object spreads would cost more than the devices.
		const device: FleetDevice = {};
		if (status !== undefined) device.status = status;
		if (statusReason !== undefined) device.statusReason = statusReason;
		if (authentication !== undefined) device.authentication = authentication;
		if (iotEdge !== undefined) device.capabilities = { iotEdge };
		if (parent !== undefined) device.parent = parent.id;
		return id ? { line, column, id, device, parent } : undefined;
	}

	/** Returns the value of a field that must be a string; undefined if it is absent or reported. */
	readString(field: DeviceField): string | undefined {
		const sourceValue = this.#values.get(field);
		if (sourceValue === undefined) return undefined;
		const text = readStringValue(sourceValue);
		if (typeof text === "string") return text;
		this.#report(text);
		return undefined;
	}

	#readAuthentication(): FleetAuthentication | undefined {
		const type = this.#readWord("type", AUTHENTICATION_TYPES);
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
		this.#requireOther("primaryKey", "secondaryKey", KEY_PAIR_REMEDY);
		this.#requireOther("secondaryKey", "primaryKey", KEY_PAIR_REMEDY);
		return undefined;
	}

	#readThumbprints(): FleetAuthentication["x509Thumbprint"] {
		const primaryThumbprint = this.readString("primaryThumbprint");
		const secondaryThumbprint = this.readString("secondaryThumbprint");
		this.#requireOther("secondaryThumbprint", "primaryThumbprint", "only the secondary one is optional");
		if (primaryThumbprint === undefined) return undefined;
		return { primaryThumbprint, ...(secondaryThumbprint !== undefined && { secondaryThumbprint }) };
	}

	#requireOther(field: DeviceField, other: DeviceField, remedy: string): void {
		const sourceValue = this.#values.get(field);
		if (sourceValue !== undefined && !this.#values.has(other))
			this.#report(
				createDiagnostic(sourceValue.value, `${sourceValue.name} is set and ${other} is not; ${remedy}`),
			);
	}

	#readWord<Word extends string>(field: DeviceField, words: readonly Word[]): Word | undefined {
		const text = this.readString(field);
		const sourceValue = this.#values.get(field);
		if (text === undefined || sourceValue === undefined) return undefined;
		const word = words.find((known) => known === text);
		if (word === undefined)
			this.#report(createDiagnostic(sourceValue.value, describeUnknownWord(sourceValue.name, text, words)));
		return word;
	}

	#readBoolean(field: DeviceField): boolean | undefined {
		const sourceValue = this.#values.get(field);
		const { value } = sourceValue ?? {};
		if (sourceValue === undefined || value === undefined) return undefined;
		if (value.kind === "scalar" && typeof value.value === "boolean") return value.value;
		this.#report(
			createDiagnostic(
				sourceValue.value,
				`${sourceValue.name} must be true or false, got ${describeNodeKind(value)}`,
			),
		);
		return undefined;
	}

	/** Reports an import mode other than create and update: the file of an import job may delete devices, a declaration cannot. */
	#checkImportMode(): void {
		const mode = this.readString("importMode");
		const sourceValue = this.#values.get("importMode");
		if (mode === undefined || sourceValue === undefined) return;
		if (/^(create|update|createOrUpdate)(IfMatchETag)?$/i.test(mode)) return;
		const text = `${sourceValue.name} is ${quoteName(mode)}; a fleet declares the devices that should exist; remove this entry`;
		this.#report(createDiagnostic(sourceValue.value, text));
	}
}

/** Returns the string, or the diagnostic for a value that is not one. */
export function readStringValue(sourceValue: SourceValue): string | Diagnostic {
	const { name, value } = sourceValue;
	if (value.kind !== "scalar" || typeof value.value !== "string") {
		const remedy = value.kind === "scalar" ? "; put it in quotes" : "";
		return createDiagnostic(
			sourceValue.value,
			`${name} must be a string, got ${describeNodeKind(value)}${remedy}`,
		);
	}
	return isDamaged(value.value)
		? createDiagnostic(sourceValue.value, `${name} ${DAMAGED_TEXT_MESSAGE}`)
		: value.value;
}

function describeUnknownWord(name: string, text: string, words: readonly string[]): string {
	const suggestion = findSuggestion(text, words);
	const knownWords = words.map((word) => `"${word}"`).join(" or ");
	const shownText =
		text.length > MAX_WORD_LENGTH ? `a string of ${text.length} characters` : toPrintableJson(text);
	const question = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
	return `${name} must be ${knownWords}, got ${shownText}${question}`;
}

/** Length of the longest known word. A longer value is not repeated, since it may be a key. */
const MAX_WORD_LENGTH = "certificateAuthority".length;
