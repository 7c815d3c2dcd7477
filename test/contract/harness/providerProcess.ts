/**
 * A provider in a process of its own, for what a process can only be told at its start: which certificate authorities
 * Node trusts. It does what its parent sends and answers with the result, the error's texts, and all that was said.
 */
import { systemClock } from "../../../provider/http/clock.ts";
import { createIotHubService, type IotHubService } from "../../../provider/iothub/service.ts";

/** What the parent wants done. */
export interface Order {
	readonly number: number;
	/** Orders with equal settings are done by one service, with one set of clients and tokens. */
	readonly settings: Settings;
	readonly method:
		| "check"
		| "diff"
		| "create"
		| "read"
		| "update"
		| "delete"
		| "inspectResource"
		| "getDevice"
		| "queryDevices";
	readonly args: readonly unknown[];
}

/** Configuration and environment of a provider. */
export interface Settings {
	readonly config: Readonly<Record<string, string>>;
	readonly env: Readonly<Record<string, string>>;
}

/** What came of it. */
export interface Report {
	readonly number: number;
	readonly result?: unknown;
	/** The message of the error, and those of its causes. */
	readonly error?: readonly string[];
	readonly said: readonly string[];
}

const services = new Map<string, IotHubService>();
let said: string[] = [];

process.on("message", (order: Order) => void report(order));

async function report({ number, settings, method, args }: Order): Promise<void> {
	const outcome = await callProvider(settings, method, args).then(
		(result) => ({ result }),
		(error: unknown) => ({ error: listMessages(error) }),
	);
	process.send?.({ number, ...outcome, said } satisfies Report);
	said = [];
}

async function callProvider(
	settings: Settings,
	method: Order["method"],
	args: readonly unknown[],
): Promise<unknown> {
	const { deviceIdentity, functions } = createService(settings);
	const methods = { ...deviceIdentity, ...functions } as Record<
		string,
		(...given: unknown[]) => Promise<unknown>
	>;
	const call = methods[method];
	if (call === undefined) throw new TypeError(`The service has no method ${method}`);
	return call(...args);
}

/** A managed identity is found in the process's own environment, wherever a service's settings come from. */
function createService(settings: Settings): IotHubService {
	Object.assign(process.env, settings.env);
	const key = JSON.stringify(settings);
	const { config, env } = settings;
	const sources = { config: (name: string) => config[name] || undefined, env };
	const service =
		services.get(key) ??
		createIotHubService({ sources, clock: systemClock, warn: (text) => void said.push(text) });
	services.set(key, service);
	return service;
}

function listMessages(error: unknown): string[] {
	if (!(error instanceof Error)) return [String(error)];
	return [error.message, ...(error.cause === undefined ? [] : listMessages(error.cause))];
}
