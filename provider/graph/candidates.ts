import { decodeHardwareHash, type HardwareReport } from "../rules/hardwareHash.ts";
import { isPlaceholderSerial } from "../rules/machineValues.ts";
import { asString } from "../values.ts";
import { AmbiguousSerial, type Candidate } from "./autopilotErrors.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import { describeMachine, type Machines } from "./machines.ts";
import type { ListedRow } from "./paging.ts";

/** What a program declares about a machine that may be registered. */
export type DeclaredMachine = Pick<AutopilotInputs, "serialNumber" | "productKey" | "hardwareIdentifier">;

/** The registrations that may be the declared machine. */
export interface Candidates {
	/** Those that agree with everything that is declared. */
	readonly matching: readonly Candidate[];
	/** Those with the serial number that are another product than the hash says. */
	readonly others: readonly Candidate[];
	/** The id of the one that is the declared machine; undefined if nothing proves that one is. */
	readonly provenId: string | undefined;
}

/**
 * Finds the registrations that may be a machine: with a hash, one that the service reported as registered. They have the serial number
 * in the hash or, if none has it or it is a placeholder, the declared one, and the declared product key. The list may still contain
 * deleted machines, so as many are read as are needed to know whether there is one, or more than one.
 *
 * A single one is the machine if its serial number is no placeholder and, with a hash, the one in the hash, because the service takes it
 * from there (WindowsAutopilotInfo#25). A product key that is declared, too, proves it as well.
 *
 * @param options `isUnverified`: whether a single one is not read, because the caller reads it
 */
export async function findCandidates(
	machines: Machines,
	declared: DeclaredMachine,
	{ isUnverified = false }: { readonly isUnverified?: boolean } = {},
): Promise<Candidates> {
	const { serialNumber, productKey = "", hardwareIdentifier } = declared;
	const report = hardwareIdentifier ? decodeHardwareHash(hardwareIdentifier) : undefined;
	// The service lists a machine under the serial number in its hash.
	const listedSerial = report?.serialNumber ?? serialNumber;
	const rowsById = new Map<string, Candidate>();
	for (const each of new Set([listedSerial, serialNumber])) {
		if (rowsById.size > 0 && !isPlaceholderSerial(listedSerial)) break;
		for (const row of await machines.list(each, `looking for ${describeMachine(each)}`)) {
			const candidate = toCandidate(row);
			if (hasSerialNumber(candidate, each)) rowsById.set(row.id, candidate);
		}
	}
	const matching: Candidate[] = [];
	const others: Candidate[] = [];
	for (const candidate of rowsById.values()) {
		if (!isSameProduct(candidate, report)) others.push(candidate);
		else if (hasProductKey(candidate, { productKey, report })) matching.push(candidate);
	}
	const isProof = (only: Candidate): boolean =>
		(productKey !== "" && only.productKey === productKey) ||
		(!isPlaceholderSerial(only.serialNumber) && hasSerialNumber(only, listedSerial));
	const existing = matching.length === 1 && isUnverified ? matching : await dropDeleted(machines, matching);
	const [only, ...more] = existing;
	const isProven = only !== undefined && more.length === 0 && isProof(only);
	return { matching: existing, others, provenId: isProven ? only.id : undefined };
}

/**
 * Finds the registration id of the one machine with exactly this serial number, and with this product key if given.
 *
 * @param options `isUnverified`: whether the machine of a single one may be deleted, because the caller reads it
 * @throws AmbiguousSerial if there are several, or if the serial number is a placeholder
 */
export async function findRegistrationId(
	machines: Machines,
	{ serialNumber, productKey = "" }: Pick<DeclaredMachine, "serialNumber" | "productKey">,
	options: { readonly isUnverified?: boolean } = {},
): Promise<string | undefined> {
	const { matching, provenId } = await findCandidates(machines, { serialNumber, productKey }, options);
	if (provenId === undefined && matching.length > 0) throw new AmbiguousSerial(serialNumber, matching);
	return provenId;
}

function toCandidate(row: ListedRow): Candidate {
	const readText = (name: string): string => asString(row[name]) ?? "";
	return {
		id: row.id,
		serialNumber: readText("serialNumber"),
		manufacturer: readText("manufacturer"),
		model: readText("model"),
		groupTag: readText("groupTag"),
		productKey: readText("productKey"),
	};
}

/** Whether a registration has this serial number. The one in a hash has no blanks at its ends. */
function hasSerialNumber({ serialNumber }: Candidate, wanted: string): boolean {
	return serialNumber === wanted || (serialNumber !== "" && serialNumber.trim() === wanted);
}

/** Whether manufacturer and model agree, as far as both sides have them. */
function isSameProduct({ manufacturer, model }: Candidate, report: HardwareReport | undefined): boolean {
	return agree(manufacturer, report?.manufacturer) && agree(model, report?.product);
}

function agree(listed: string, reported: string | undefined): boolean {
	if (listed === "" || reported === undefined) return true;
	return listed.trim().toLowerCase() === reported.toLowerCase();
}

/** Whether a registration has the declared product key; one that was registered by a hash may have none. */
function hasProductKey(
	candidate: Candidate,
	{ productKey, report }: { productKey: string; report: HardwareReport | undefined },
): boolean {
	if (productKey === "" || candidate.productKey === productKey) return true;
	return report !== undefined && candidate.productKey === "";
}

/** Drops deleted machines from the candidates until two of the others exist. */
async function dropDeleted(
	machines: Machines,
	candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
	const existing: Candidate[] = [];
	for (const [index, candidate] of candidates.entries()) {
		const live = await machines.get(candidate.id, describeMachine(candidate.serialNumber));
		if (live !== undefined) existing.push(candidate);
		if (existing.length === 2) return [...existing, ...candidates.slice(index + 1)];
	}
	return existing;
}
