#!/usr/bin/perl
# Speaks GeoReport v2 with the libraries that FixMyStreet speaks it with: LWP sends,
# XML::Simple reads. XML::Simple makes a hash of an element that has an attribute or
# is empty, and an array of one that comes twice: what is not plain is a mistake.
#
#   client.pl ENDPOINT KEY JURISDICTION look
#   client.pl ENDPOINT KEY JURISDICTION send SERVICE ID LAT LONG DETAIL
#   client.pl ENDPOINT KEY JURISDICTION updates START END
#   client.pl ENDPOINT KEY JURISDICTION update CODE ID STATUS TEXT
use strict;
use warnings;
use HTTP::Request::Common qw(POST);
use LWP::UserAgent;
use URI;
use XML::Simple;

my ($endpoint, $key, $jurisdiction, $what, @args) = @ARGV;
my $agent = LWP::UserAgent->new(timeout => 20);

sub answer {
    my ($res) = @_;
    my $read = eval { XML::Simple->new->XMLin($res->decoded_content) };
    die "not XML: " . $res->decoded_content . "\n" unless ref $read;
    return ($res, $read);
}

sub get {
    my ($path, %params) = @_;
    my $uri = URI->new($endpoint);
    $uri->path($uri->path . $path);
    $uri->query_form(jurisdiction_id => $jurisdiction, %params);
    my ($res, $read) = answer($agent->get($uri));
    die "$path: " . $res->status_line . "\n" unless $res->is_success;
    return $read;
}

sub post {
    my ($path, @params) = @_;
    my $uri = URI->new($endpoint);
    $uri->path($uri->path . $path);
    my ($res, $read) = answer($agent->request(POST $uri, [jurisdiction_id => $jurisdiction, api_key => $key, @params]));
    return $read if $res->is_success;
    my $errors = $read->{error};
    $errors = [$errors] if ref $errors ne 'ARRAY';
    print "refused " . plain($_->{code}) . " " . plain($_->{description}) . "\n" for @$errors;
    exit 0;
}

# plain is a text as it must be: one, and no structure.
sub plain {
    my ($value) = @_;
    die "not plain text\n" if !defined $value || ref $value;
    return $value;
}

sub many {
    my ($list) = @_;
    return ref $list eq 'ARRAY' ? @$list : defined $list ? ($list) : ();
}

if ($what eq 'look') {
    for my $service (many(get('services.xml')->{service})) {
        my $code = plain($service->{service_code});
        plain($service->{$_}) for qw(service_name metadata type group);
        my $meta = get("services/$code.xml");
        my @asked = many($meta->{attributes}{attribute});
        for my $asked (@asked) {
            plain($asked->{$_}) for qw(code variable datatype required order description);
        }
        print "service $code " . scalar(@asked) . "\n";
    }
} elsif ($what eq 'send') {
    my ($service, $id, $lat, $long, $detail) = @args;
    my $sent = post('requests.xml',
        service_code => $service, lat => $lat, long => $long, email => 'ada@example.org', first_name => 'Ada', last_name => '',
        description => "title: Hole\n\ndetail: $detail\n\nurl: http://fms.example/report/$id\n\nSubmitted via FixMyStreet\n",
        'attribute[fixmystreet_id]' => $id, 'attribute[title]' => 'Hole', 'attribute[easting]' => 1);
    print "sent " . plain($sent->{request}{service_request_id}) . "\n";
} elsif ($what eq 'updates') {
    my ($start, $end) = @args;
    my $list = get('servicerequestupdates.xml', api_key => $key, start_date => $start, end_date => $end);
    for my $u (many($list->{request_update})) {
        print join(' ', 'update', map { plain($u->{$_}) } qw(update_id service_request_id status updated_datetime)) . "\n";
    }
} elsif ($what eq 'update') {
    my ($code, $id, $status, $text) = @args;
    my $sent = post('servicerequestupdates.xml',
        update_id => $id, update_id_ext => $id, service_request_id => $code, service_request_id_ext => 1, status => $status,
        updated_datetime => now_utc(), email => 'bea@example.org', first_name => 'Bea', last_name => '-', description => $text,
        public_anonymity_required => 'FALSE');
    print "posted " . plain($sent->{request_update}{update_id}) . "\n";
} else {
    die "what is $what?\n";
}

sub now_utc {
    my @t = gmtime;
    return sprintf '%04d-%02d-%02dT%02d:%02d:%02dZ', $t[5] + 1900, $t[4] + 1, @t[3, 2, 1, 0];
}
