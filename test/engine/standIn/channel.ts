import {
	type handleUnaryCall,
	type Metadata,
	Server,
	ServerCredentials,
	type ServiceDefinition,
	status,
	type UntypedServiceImplementation,
} from "@grpc/grpc-js";

const MAX_MESSAGE = 1024 * 1024 * 400;

/** The message sizes that Pulumi allows (sdk/go/common/util/rpcutil/serve.go). */
export const channelOptions = {
	"grpc.max_receive_message_length": MAX_MESSAGE,
	"grpc.max_send_message_length": MAX_MESSAGE,
};

/** An error that reaches the other side with its own code. */
export class RpcError extends Error {
	readonly code: status;
	constructor(code: status, message: string) {
		super(message);
		this.code = code;
	}
}

/** Responds to a unary call with what the function returns, or with the error that it throws. */
export const handleUnary =
	<Request, Response>(
		answer: (request: Request, metadata: Metadata) => Response | Promise<Response>,
	): handleUnaryCall<Request, Response> =>
	(call, reply) => {
		Promise.resolve()
			.then(() => answer(call.request, call.metadata))
			.then(
				(response) => reply(null, response),
				(error: unknown) => reply(toServiceError(error), null),
			);
	};

const toServiceError = (error: unknown): { code: status; details: string } => ({
	code: error instanceof RpcError ? error.code : status.UNKNOWN,
	details: error instanceof Error ? error.message : String(error),
});

/** A server on loopback. */
export interface Listening {
	readonly address: string;
	close(): void;
}

/** Serves gRPC services on a free port of the loopback interface. */
export function serve(
	...services: readonly (readonly [ServiceDefinition, UntypedServiceImplementation])[]
): Promise<Listening> {
	const server = new Server(channelOptions);
	for (const [definition, implementation] of services) server.addService(definition, implementation);
	return new Promise((resolve, reject) => {
		server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
			if (error !== null) reject(error);
			else resolve({ address: `127.0.0.1:${port}`, close: () => server.forceShutdown() });
		});
	});
}
