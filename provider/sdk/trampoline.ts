/**
 * Returns the serialized provider that Pulumi stores in state, twice for each resource, and evaluates as long as the state
 * exists. A trampoline is code that only forwards calls: it loads this package's runtime by name and passes the call on, so
 * an upgrade of the package applies at once to all deployed resources and changes none of them.
 *
 * `then` is not forwarded, because the provider host passes the object through an async function, which would otherwise
 * treat it as a promise (pulumi/pulumi `sdk/nodejs/cmd/dynamic-provider`).
 *
 * Every released text must keep working; `test/fixtures/trampoline` contains all of them.
 *
 * @param kind the name of the resource type in the runtime, for example `deviceIdentity`
 * @returns JavaScript source of at most 200 bytes
 */
export function trampoline(kind: string): string {
	return `exports.handler=()=>new Proxy({},{get:(_,m)=>m!='then'&&((...a)=>import('pulumi-device-identity/runtime').then(r=>r.run('${kind}',m,a)))})`;
}
