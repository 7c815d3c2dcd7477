import { type Emulator, listAddresses } from "./emulator.ts";
import type { Answer } from "./http/answer.ts";
import { readHead } from "./http/call.ts";
import { readLoggedBody } from "./traffic/requestLog.ts";
import { createWorld, type EmulatorOptions, type World } from "./world.ts";

/** A request that is passed directly to the emulator. */
export interface Question {
	readonly method: string;
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string | undefined;
}

/** An emulator that does not listen: requests are passed to it directly. */
export interface InProcessEmulator extends Emulator {
	/** Returns the service's response. Planned faults and gates apply only to requests over a socket. */
	ask(question: Question): Promise<Answer>;
}

/** The address that it would have if it listened. */
const ADDRESS = { hostName: "localhost:8443", port: 8443, origin: "https://localhost:8443" };

/** Creates an IoT Hub, Microsoft Graph and a directory without a socket: a request takes microseconds. */
export function createInProcessEmulator(options: EmulatorOptions = {}): InProcessEmulator {
	const address = { ...ADDRESS, hostName: options.hostName ?? ADDRESS.hostName };
	const world = createWorld(options, address);
	return {
		...listAddresses(world, address, address.origin),
		control: world.control,
		controlUrl: `${ADDRESS.origin}/_control`,
		ask: (question) => answerQuestion(world, question),
		close: async () => world.way.clock.stop(),
	};
}

async function answerQuestion({ services, way }: World, question: Question): Promise<Answer> {
	const { method, url, headers, body = "" } = question;
	const head = readHead(method, url.pathname + url.search, { host: url.host, ...headers });
	const service = services.find((candidate) => candidate.owns(head));
	if (service === undefined) throw new TypeError(`No service owns ${method} ${url.pathname}`);
	const entry = way.log.open(head, service.name, service.route(head));
	if (!service.hidesBodies) entry.body = readLoggedBody(body);
	for (const watcher of way.watchers) await watcher(entry);
	const answer = await service.answer({ ...head, body });
	entry.status = answer.status;
	way.log.close(entry, "answered");
	return answer;
}
