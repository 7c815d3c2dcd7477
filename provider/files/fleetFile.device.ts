import {
	AUTHENTICATION_TYPES,
	DEVICE_STATUSES,
	findThumbprintProblem,
	KEY_PAIR_REMEDY,
	normalizeThumbprint,
} from "../keys/authentication.ts";
import {
	findDeviceIdProblem,
	findDeviceKeyProblem,
	findStatusReasonProblem,
	findThumbprintPairProblem,
} from "../rules/deviceValues.ts";
import { describeLostDigits } from "../rules/spreadsheetTraces.ts";
import type { FleetAuthentication, FleetDevice } from "../sdk/deviceFleet.ts";
import { quoteName } from "../text/quotedNames.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { createDiagnostic, type Diagnostic, type SourcePosition } from "./diagnostics.ts";
import { type ParentReference, resolveParent } from "./fleetFile.parent.ts";
import type { DeviceField, DeviceValues } from "./fleetFile.schema.ts";
import {
	describeUnknownWord,
	ENUM_NUMBER_PROBLEM,
	findWord,
	parseBooleanWord,
	quoteWord,
} from "./fleetFile.words.ts";
import { readStringValue } from "./objectSchema.ts";
import { describeNodeKind } from "./sourceNode.ts";

/** A device in a file, at the position of its declaration. */
export interface DeviceEntry extends SourcePosition {
	readonly id: string;
	/** The device without its parent, which may follow in the file. */
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

	/** Returns the device; undefined if it has no id. */
	readEntry({ line, column }: SourcePosition): DeviceEntry | undefined {
		const id = this.readString("deviceId");
		this.#checkValue("deviceId", id);
		if (id === "" || !this.#values.has("deviceId"))
			this.#report(createDiagnostic({ line, column }, "deviceId is missing"));
		this.#checkImportMode();
		const status = this.#readWord("status", DEVICE_STATUSES);
		const statusReason = this.#readValue("statusReason");
		const iotEdge = this.#readBoolean("iotEdge");
		const authentication = this.#readAuthentication();
		const parent = resolveParent(this.#values, { id, iotEdge }, this.#report);
		// Assigned one by one: for a hundred thousand devices, object spreads would cost more than the devices.
		const device: FleetDevice = {};
		if (status !== undefined) device.status = status;
		if (statusReason !== undefined) device.statusReason = statusReason;
		if (authentication !== undefined) device.authentication = authentication;
		if (iotEdge !== undefined) device.capabilities = { iotEdge };
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
		this.#checkAuthentication(authentication);
		return authentication;
	}

	#readKeys(): FleetAuthentication["symmetricKey"] {
		const primaryKey = this.#readValue("primaryKey");
		const secondaryKey = this.#readValue("secondaryKey");
		if (primaryKey !== undefined && secondaryKey !== undefined) return { primaryKey, secondaryKey };
		this.#requireOther("primaryKey", "secondaryKey", KEY_PAIR_REMEDY);
		this.#requireOther("secondaryKey", "primaryKey", KEY_PAIR_REMEDY);
		return undefined;
	}

	#readThumbprints(): FleetAuthentication["x509Thumbprint"] {
		const primaryThumbprint = this.#readThumbprint("primaryThumbprint");
		const secondaryThumbprint = this.#readThumbprint("secondaryThumbprint");
		this.#requireOther("secondaryThumbprint", "primaryThumbprint", "only the secondary one is optional");
		if (primaryThumbprint === undefined) return undefined;
		if (secondaryThumbprint === undefined) return { primaryThumbprint };
		this.#reportAt("secondaryThumbprint", findThumbprintPairProblem(primaryThumbprint, secondaryThumbprint));
		return { primaryThumbprint, secondaryThumbprint };
	}

	/** Returns the digits of a thumbprint: openssl prints them behind a label, and with colons. */
	#readThumbprint(field: "primaryThumbprint" | "secondaryThumbprint"): string | undefined {
		const text = this.readString(field);
		if (text === undefined) return undefined;
		const digits = normalizeThumbprint(text);
		if (findThumbprintProblem(digits) === undefined) return digits;
		this.#reportAt(field, findThumbprintProblem(text), text);
		return undefined;
	}

	/** Returns the string of a field that passes the rules of the hub for its value alone; otherwise reports it. */
	#readValue(field: keyof typeof VALUE_RULES): string | undefined {
		const text = this.readString(field);
		return this.#checkValue(field, text) ? text : undefined;
	}

	#checkValue(field: keyof typeof VALUE_RULES, text: string | undefined): boolean {
		if (text === undefined || text === "") return true;
		const problem = VALUE_RULES[field](text);
		this.#reportAt(field, problem, text);
		return problem === undefined;
	}

	/** Reports what the hub does not accept together: keys with certificates, and thumbprints with anything but `selfSigned`. */
	#checkAuthentication({ type, symmetricKey, x509Thumbprint }: FleetAuthentication): void {
		const usedType = type ?? (x509Thumbprint === undefined ? "sas" : "selfSigned");
		if (symmetricKey !== undefined && usedType !== "sas")
			this.#reportAt(
				"primaryKey",
				`cannot be used with type "${usedType}"; leave the keys out, or set type to "sas"`,
			);
		if (x509Thumbprint !== undefined && usedType !== "selfSigned")
			this.#reportAt(
				"primaryThumbprint",
				`cannot be used with type "${usedType}"; leave it out, or set type to "selfSigned"`,
			);
		if (usedType === "selfSigned" && !this.#values.has("primaryThumbprint"))
			this.#reportAt(
				"type",
				`is "selfSigned", but primaryThumbprint is missing; the thumbprint identifies the device`,
			);
	}

	/** Reports a problem of a field. A value that may be a key is not repeated. */
	#reportAt(field: DeviceField, problem: string | undefined, text = ""): void {
		const sourceValue = this.#values.get(field);
		if (problem === undefined || sourceValue === undefined) return;
		const shown = problem.replace(toPrintableJson(text), () => quoteName(text));
		this.#report(createDiagnostic(sourceValue.value, `${sourceValue.name} ${shown}`));
	}

	#requireOther(field: DeviceField, other: DeviceField, remedy: string): void {
		const sourceValue = this.#values.get(field);
		if (sourceValue !== undefined && !this.#values.has(other))
			this.#report(
				createDiagnostic(sourceValue.value, `${sourceValue.name} is set and ${other} is not; ${remedy}`),
			);
	}

	#readWord<Word extends string>(field: DeviceField, words: readonly Word[]): Word | undefined {
		const sourceValue = this.#values.get(field);
		if (sourceValue?.value.kind === "scalar" && typeof sourceValue.value.value === "number") {
			this.#reportAt(field, ENUM_NUMBER_PROBLEM);
			return undefined;
		}
		const text = this.readString(field);
		if (text === undefined || sourceValue === undefined) return undefined;
		const word = findWord(text, words);
		if (word === undefined)
			this.#report(createDiagnostic(sourceValue.value, describeUnknownWord(sourceValue.name, text, words)));
		return word;
	}

	#readBoolean(field: DeviceField): boolean | undefined {
		const sourceValue = this.#values.get(field);
		const { value } = sourceValue ?? {};
		if (sourceValue === undefined || value === undefined) return undefined;
		const given = value.kind === "scalar" ? value.value : undefined;
		if (typeof given === "boolean") return given;
		const parsed = typeof given === "string" ? parseBooleanWord(given) : undefined;
		if (parsed !== undefined) return parsed;
		const shown = typeof given === "string" ? quoteWord(given) : describeNodeKind(value);
		this.#reportAt(field, `must be true or false, got ${shown}`);
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

/** The rules of the hub for a value alone, which `check` applies to the resource, too. */
const VALUE_RULES = {
	deviceId: (id: string) => describeLostDigits(id) ?? findDeviceIdProblem(id),
	statusReason: findStatusReasonProblem,
	primaryKey: findDeviceKeyProblem,
	secondaryKey: findDeviceKeyProblem,
} as const;
