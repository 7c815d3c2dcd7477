import { type AddressInfo, createServer, type Socket } from "node:net";

/** Bytes of a megabyte. */
export const MEGABYTE = 2 ** 20;

/** The head of a response with a chunked body. */
export const CHUNKED_HEAD =
	"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";

/** Returns one chunk of a response. */
export function formatChunk(text: string): string {
	return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** A request as its bytes arrived. */
export interface RawRequest {
	/** `GET /devices/a HTTP/1.1` */
	readonly line: string;
	/** Everything up to and including the empty line. */
	readonly head: string;
}

/** A server that sends bytes, valid or not. */
export interface RawServer {
	readonly origin: string;
	/** `127.0.0.1:<port>` */
	readonly host: string;
	/** All requests so far. */
	readonly requests: readonly RawRequest[];
	/** The number of connections. */
	readonly visits: number;
	/** The number of bytes handed to sockets. */
	readonly written: number;
	close(): Promise<void>;
}

/** Handles a request. */
export type Behave = (socket: Socket, request: RawRequest, number: number) => void | Promise<void>;

/** Handles a new connection before the first request. */
export type Greet = (socket: Socket) => void;

/** Listens on loopback and handles each request with `behave`. */
export async function startRawServer(behave: Behave, greet: Greet = () => {}): Promise<RawServer> {
	const requests: RawRequest[] = [];
	const sockets = new Set<Socket>();
	let visits = 0;
	let closed = 0;
	const server = createServer((socket) => {
		visits += 1;
		sockets.add(socket);
		socket.on("error", () => {});
		socket.once("close", () => {
			closed += socket.bytesWritten;
			sockets.delete(socket);
		});
		greet(socket);
		onRequest(socket, (request) => {
			requests.push(request);
			void behave(socket, request, requests.length);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${port}`,
		host: `127.0.0.1:${port}`,
		requests,
		get visits() {
			return visits;
		},
		get written() {
			return [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, closed);
		},
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of sockets) socket.destroy();
			}),
	};
}

/** A server in place of a service, and how a provider is directed to it. */
export interface Enemy {
	readonly behave: Behave;
	readonly greet?: Greet;
	/** Default `http`. */
	readonly scheme?: string;
	/** Configuration of the provider besides the server's address. */
	readonly config?: Readonly<Record<string, string>>;
}

/** Runs a test with a server, and closes it. */
export async function withServer(
	{ behave, greet }: Pick<Enemy, "behave" | "greet">,
	test: (server: RawServer) => Promise<void>,
): Promise<void> {
	const server = await startRawServer(behave, greet);
	try {
		await test(server);
	} finally {
		await server.close();
	}
}

/** Returns the address that a provider is configured with. */
export function getOrigin({ host }: RawServer, { scheme = "http" }: Enemy): string {
	return `${scheme}://${host}`;
}

/** Calls back for each request whose head and body have arrived. Only the length of the body counts. */
function onRequest(socket: Socket, take: (request: RawRequest) => void): void {
	let text = "";
	socket.on("data", (bytes) => {
		text += bytes.toString("latin1");
		for (;;) {
			const end = text.indexOf("\r\n\r\n") + 4;
			if (end < 4) return;
			const head = text.slice(0, end);
			const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
			if (text.length < end + length) return;
			text = text.slice(end + length);
			take({ line: head.slice(0, head.indexOf("\r\n")), head });
		}
	});
}

/** Returns a response with its length. */
export function formatHttpAnswer(
	body: string,
	head = "content-type: application/json",
	status = "200 OK",
): string {
	return `HTTP/1.1 ${status}\r\n${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Sends a text repeatedly for as long as the client reads. */
export async function floodSocket(socket: Socket, text: string | Buffer): Promise<void> {
	while (socket.writable) {
		await new Promise<void>((resolve) => {
			if (socket.write(text)) return void setImmediate(resolve);
			const goOn = () => {
				socket.off("drain", goOn).off("close", goOn);
				resolve();
			};
			socket.on("drain", goOn).on("close", goOn);
		});
	}
}

/** Milliseconds between two bytes, so short that no limit on silence is reached. */
const DROP = 10;

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/** Sends a first part, and then the same byte repeatedly until the client disconnects. */
export function dripBytes(first: string, byte: string): (socket: Socket) => void {
	return (socket) => {
		socket.write(first);
		const timer = setInterval(() => socket.write(byte), DROP);
		socket.once("close", () => clearInterval(timer));
	};
}

/** Responses that never end and hardly grow. */
export const ENDLESS: Readonly<Record<string, Behave>> = {
	"a connection without any data": () => {},
	"a body sent byte by byte": dripBytes(`${HEAD}content-length: 1000000\r\n\r\n`, " "),
	"a body of one-byte chunks": dripBytes(`${HEAD}transfer-encoding: chunked\r\n\r\n`, "1\r\n \r\n"),
	"a body that stops": dripBytes(`${HEAD}content-length: 1000000\r\n\r\n[`, ""),
	"headers sent byte by byte": dripBytes(`${HEAD}x-a: `, "a"),
	"a status line sent byte by byte": dripBytes("HTTP/1.1 200 ", "a"),
	"102 Processing, one after the other": dripBytes("", "HTTP/1.1 102 Processing\r\n\r\n"),
};

/** The same with as many bytes as the client reads. */
export const FLOODS: Readonly<Record<string, Behave>> = {
	"102 Processing": (socket) => floodSocket(socket, "HTTP/1.1 102 Processing\r\n\r\n".repeat(100)),
	"103 Early Hints": (socket) =>
		floodSocket(socket, `HTTP/1.1 103 Early Hints\r\nlink: </${"a".repeat(1_000)}>\r\n\r\n`.repeat(10)),
	"a status line": (socket) => floodSocket(socket, `HTTP/1.1 200 ${"a".repeat(10_000)}`),
	"an extension of a chunk": (socket) => {
		socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n1;`);
		return floodSocket(socket, "a".repeat(10_000));
	},
};
