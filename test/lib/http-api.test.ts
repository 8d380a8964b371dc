import { describe, expect, test } from '@jest/globals';
import { ofType, type Synthesized, synthesize } from '#test/support/stacks.ts';

const production = synthesize('production', { domain: 'shop.example', alarmEmail: 'ops@shop.example' });

const only = (stacks: Synthesized, type: string) => {
  const found = ofType(stacks, type);
  expect(found.length).toBe(1);
  return found[0]![1];
};

const routes = ofType(production, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);
const settings = only(production, 'AWS::ApiGatewayV2::Stage').Properties.RouteSettings as Record<
  string,
  { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }
>;

/** The folder of the function that answers a route. */
function answering(routeKey: string): string {
  const { Target } = routes.find(({ RouteKey }) => RouteKey === routeKey)!;
  const integrationId = /"Ref":"([^"]+)"/.exec(JSON.stringify(Target))?.[1];
  const integration = production.all[`app/${integrationId}`];
  const uri = integration?.Properties.IntegrationUri as { 'Fn::GetAtt': [string, string] };
  const { FunctionName } = production.all[`app/${uri['Fn::GetAtt'][0]}`]!.Properties;
  return String(FunctionName).slice('enishi-production-'.length);
}

describe('what the outside can call', () => {
  test('is these routes and nothing else', () => {
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual([
      'GET /s/{token}',
      'GET /u/{token}',
      'POST /s/{token}',
      'POST /u/{token}',
      'POST /v1/carts/shopify/{shop}',
      'POST /v1/events',
      'POST /v1/line',
      'PUT /v1/products',
    ]);
  });

  test('is answered by the function of that name', () => {
    expect(answering('POST /v1/events')).toBe('receive-events');
    expect(answering('POST /v1/carts/shopify/{shop}')).toBe('receive-cart-webhook');
    expect(answering('POST /v1/line')).toBe('receive-line-webhook');
    expect(answering('GET /s/{token}')).toBe('answer-survey');
    expect(answering('POST /s/{token}')).toBe('answer-survey');
    expect(answering('PUT /v1/products')).toBe('receive-products');
    expect(answering('GET /u/{token}')).toBe('answer-unsubscribe');
    expect(answering('POST /u/{token}')).toBe('answer-unsubscribe');
  });

  test('has a limit on each route, so that a flood on one leaves the others their way', () => {
    expect(Object.keys(settings).sort()).toEqual(routes.map(({ RouteKey }) => RouteKey).sort());
    for (const { ThrottlingRateLimit, ThrottlingBurstLimit } of Object.values(settings)) {
      expect(ThrottlingRateLimit).toBeGreaterThanOrEqual(20);
      expect(ThrottlingRateLimit).toBeLessThanOrEqual(1000);
      expect(ThrottlingBurstLimit).toBeGreaterThanOrEqual(ThrottlingRateLimit);
    }
  });

  test('gets its limits only when the routes are there, or AWS refuses them', () => {
    const { DependsOn } = only(production, 'AWS::ApiGatewayV2::Stage') as unknown as { DependsOn: string[] };
    const ids = ofType(production, 'AWS::ApiGatewayV2::Route').map(([id]) => id.slice('app/'.length));
    expect(DependsOn).toEqual(expect.arrayContaining(ids));
  });

  test('may be called from no web page of another site', () => {
    expect(only(production, 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration).toBeUndefined();
  });
});

describe('the address customers see', () => {
  const publicUrlOf = (stacks: Synthesized) => {
    const sender = ofType(stacks, 'AWS::Lambda::Function').find(([, { Properties }]) =>
      String(Properties.FunctionName).endsWith('-send-email'),
    );
    return (sender![1].Properties.Environment as { Variables: Record<string, unknown> }).Variables.PUBLIC_URL;
  };

  test("is the API's own while the shop gives no other", () => {
    const [[id]] = ofType(production, 'AWS::ApiGatewayV2::Api') as [[string, unknown]];
    expect(publicUrlOf(production)).toEqual({ 'Fn::GetAtt': [id.slice('app/'.length), 'ApiEndpoint'] });
  });

  test("is the shop's own name when it gives one, with its certificate", () => {
    const certificateArn = 'arn:aws:acm:ap-northeast-1:111122223333:certificate/one';
    const named = synthesize('production', { apiDomain: { name: 'crm.shop.example', certificateArn } });
    expect(publicUrlOf(named)).toBe('https://crm.shop.example');
    expect(only(named, 'AWS::ApiGatewayV2::DomainName').Properties).toMatchObject({
      DomainName: 'crm.shop.example',
      DomainNameConfigurations: [{ CertificateArn: certificateArn, EndpointType: 'REGIONAL' }],
    });
    only(named, 'AWS::ApiGatewayV2::ApiMapping');
  });

  test('on this machine is the front beside the endpoint', () => {
    expect(publicUrlOf(synthesize('local'))).toBe('http://127.0.0.1:8401');
  });
});
