import { Pool } from "undici";
import { createSharedAccessToken, parseConnectionString } from "../../emulator/testing/hubClient.ts";

/** The target of a plain loop of requests, and the number of requests at a time. */
export interface LoopOptions {
	readonly url: string;
	readonly connectionString: string;
	readonly width: number;
	/** Waits after a 429 response, for the ten seconds that the hub requires. Default: a 429 response is an error. */
	readonly pause?: () => Promise<void>;
}

/** One request of a loop. */
export interface Plain {
	readonly method: "GET" | "PUT" | "POST" | "DELETE";
	readonly path: string;
	readonly body?: unknown;
	/** The quoted value of the header. */
	readonly ifMatch?: string;
}

/** The results of a loop. */
export interface Looped {
	/** The response bodies, in the order of the requests. */
	readonly bodies: readonly unknown[];
	readonly seconds: number;
	/** The number of 429 responses. */
	readonly refused: number;
}

/** Sends a list of requests with undici, several at a time and all with one signature: the simplest possible script. */
export async function sendInLoop(requests: readonly Plain[], options: LoopOptions): Promise<Looped> {
	const pool = new Pool(options.url, { connections: options.width });
	const authorization = signature(options.connectionString);
	const bodies: unknown[] = [];
	let refused = 0;
	const queue = requests.entries();
	const worker = async (): Promise<void> => {
		for (const [at, request] of queue) {
			let answer = await sent(pool, request, authorization);
			for (; answer.status === 429 && options.pause !== undefined; refused++) {
				await options.pause();
				answer = await sent(pool, request, authorization);
			}
			if (answer.status >= 300) throw new Error(`${request.method} ${request.path}: ${answer.text}`);
			bodies[at] = answer.text === "" ? undefined : JSON.parse(answer.text);
		}
	};
	const start = performance.now();
	await Promise.all(Array.from({ length: options.width }, worker));
	const seconds = (performance.now() - start) / 1_000;
	await pool.close();
	return { bodies, seconds, refused };
}

async function sent(
	pool: Pool,
	{ method, path, body, ifMatch }: Plain,
	authorization: string,
): Promise<{ status: number; text: string }> {
	const answer = await pool.request({
		method,
		path: `${path}?api-version=2021-04-12`,
		headers: {
			authorization,
			...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
			...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
		},
		body: body === undefined ? null : JSON.stringify(body),
		headersTimeout: 0,
	});
	return { status: answer.statusCode, text: await answer.body.text() };
}

/** Ten hours long, for the hub's clock may run fast. */
function signature(connectionString: string): string {
	const { hostName, policy, key } = parseConnectionString(connectionString);
	const expiry = Math.floor(Date.now() / 1_000) + 36_000;
	return createSharedAccessToken({ resource: encodeURIComponent(hostName), policy, key, expiry });
}
