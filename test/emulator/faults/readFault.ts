import { OPERATION_NAMES, type Operation } from "../control/operation.ts";
import {
	type JsonObject,
	readOptionalChoice,
	readOptionalNumber,
	requireObject,
	requireOnly,
	requireText,
} from "../json.ts";
import { type Fault, type FaultAction, type RequestMatch, requireSoundMatch } from "./fault.ts";

/** The members that each kind of fault may or must have besides `kind`. */
const KINDS: Readonly<
	Record<Exclude<FaultAction["kind"], "run">, { may: readonly string[]; must?: readonly string[] }>
> = {
	refuse: { may: [] },
	reset: { may: ["when"] },
	status: { may: ["when", "status", "code", "message", "body", "headers"], must: ["status"] },
	throttle: { may: ["retryAfter"] },
	unavailable: { may: ["retryAfter"] },
	delay: { may: ["ms", "clock"], must: ["ms"] },
	hang: { may: ["when"] },
	truncate: { may: ["contentLength"] },
	html: { may: ["status", "when"] },
	contentType: { may: ["value"], must: ["value"] },
	redirect: { may: ["location", "status"], must: ["location"] },
	change: { may: ["operation", "when"], must: ["operation"] },
};

/** Reads one fault or a list of faults from JSON; throws a TypeError with the reason if one is invalid. */
export function readFaults(value: unknown): Fault[] {
	return (Array.isArray(value) ? value : [value]).map((item) => readFault(requireObject(item, "A fault")));
}

function readFault(value: JsonObject): Fault {
	requireOnly(value, ["match", "nth", "times", "action"], "A fault");
	const nth = readOptionalNumber(value, "nth");
	const times = value["times"] === "always" ? "always" : readOptionalNumber(value, "times");
	return {
		...(value["match"] !== undefined && { match: readMatch(value["match"]) }),
		...(nth !== undefined && { nth }),
		...(times !== undefined && { times }),
		action: readAction(requireObject(value["action"], "action")),
	};
}

/** Reads which requests to match. */
export function readMatch(value: unknown): RequestMatch {
	const match = requireObject(value, "match");
	const names = ["service", "method", "path", "route", "apiVersion"];
	requireOnly(match, names, "match");
	const entries = names
		.filter((name) => match[name] !== undefined)
		.map((name) => [name, requireText(match, name)] as const);
	const read: RequestMatch = Object.fromEntries(entries);
	requireSoundMatch(read);
	return read;
}

function readAction(action: JsonObject): FaultAction {
	const kinds = Object.keys(KINDS) as Array<keyof typeof KINDS>;
	const kind = readOptionalChoice(action, "kind", kinds);
	if (kind === undefined) throw new TypeError(`action must have a kind: one of ${kinds.join(", ")}`);
	const { may, must = [] } = KINDS[kind];
	requireOnly(action, ["kind", ...may], `The fault ${kind}`);
	const missing = must.find((name) => action[name] === undefined);
	if (missing !== undefined) throw new TypeError(`The fault ${kind} must have ${missing}`);
	requireMembers(action);
	return action as unknown as FaultAction;
}

function requireMembers(action: JsonObject): void {
	readOptionalChoice(action, "when", ["before", "after"]);
	readOptionalChoice(action, "clock", ["virtual", "real"]);
	readOptionalChoice(action, "contentLength", ["full", "cut"]);
	readOptionalNumber(action, "ms");
	requireRetryAfter(action["retryAfter"]);
	const status = readOptionalNumber(action, "status");
	const isStatus = status === undefined || (Number.isInteger(status) && status >= 200 && status <= 599);
	if (!isStatus) throw new TypeError("status must be a whole number from 200 to 599");
	for (const name of ["code", "message", "value", "location"])
		if (action[name] !== undefined) requireText(action, name);
	if (action["headers"] !== undefined) requireTexts(requireObject(action["headers"], "headers"));
	if (action["operation"] !== undefined) readOperation(action["operation"]);
}

function requireRetryAfter(value: unknown): void {
	const isDate = typeof value === "object" && value !== null;
	if (isDate) {
		const date = requireObject(value, "retryAfter");
		requireOnly(date, ["dateIn"], "retryAfter");
		if (typeof date["dateIn"] !== "number") throw new TypeError("retryAfter must have dateIn, a number");
	} else if (!["undefined", "number", "string"].includes(typeof value))
		throw new TypeError("retryAfter must be seconds, a text, or an object with dateIn");
}

function requireTexts(headers: JsonObject): void {
	for (const name of Object.keys(headers)) requireText(headers, name);
}

/** Reads an operation behind a client's back. */
export function readOperation(value: unknown): Operation {
	const operation = requireObject(value, "operation");
	const name = readOptionalChoice(operation, "do", OPERATION_NAMES);
	if (name === undefined) throw new TypeError(`operation must have do: one of ${OPERATION_NAMES.join(", ")}`);
	if (name === "advance" && readOptionalNumber(operation, "milliseconds") === undefined) {
		throw new TypeError("advance must have milliseconds");
	}
	if (name === "seed" && !Array.isArray(operation["devices"])) throw new TypeError("seed must have devices");
	if (name === "seedMachines" && !Array.isArray(operation["machines"]))
		throw new TypeError("seedMachines must have machines");
	if (!["advance", "seed", "seedMachines"].includes(name)) requireText(operation, "id");
	if (name.startsWith("change")) requireObject(operation["change"], "change");
	if (name === "patchTwin") requireObject(operation["twin"], "twin");
	return operation as unknown as Operation;
}
